import { chmod, chown, link, mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import type { MetalK8sError } from '../../src/errors/metalk8s-error.ts';
import { type LogFileOptions, logFile } from '../../src/progress/log-file.ts';
import { at } from '../support/events.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

const noProblem = (message: string) => {
  throw new Error(message);
};

async function writeMessages(options: Partial<LogFileOptions> & { path: string }, messages: readonly string[]) {
  const log = logFile({ format: 'text', onProblem: noProblem, ...options });
  for (const message of messages) log.on(at({ type: 'warning', message }, 'T'));
  await log.close();
}

function refusal(path: string): MetalK8sError | undefined {
  try {
    logFile({ path, format: 'text', onProblem: noProblem });
    return undefined;
  } catch (error) {
    return error as MetalK8sError;
  }
}

test('keeps everything, with its time, for its owner only', async () => {
  await inTemporaryDirectory(async (directory) => {
    const path = join(directory, 'new', 'deep', 'run.log');
    await writeMessages({ path }, ['one']);
    await writeMessages({ path }, ['two\nlines']);
    await writeMessages({ path, format: 'json' }, ['three']);
    expect(await readFile(path, 'utf8')).toBe(
      'T warning: one\nT warning: two\n    lines\n{"time":"T","type":"warning","message":"three"}\n',
    );
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(directory, 'new'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(directory, 'new', 'deep'))).mode & 0o777).toBe(0o700);
  });
});

test('closes an own file that others could read', async () => {
  await inTemporaryDirectory(async (directory) => {
    const path = join(directory, 'run.log');
    await writeFile(path, '');
    await chmod(path, 0o644);
    await writeMessages({ path }, ['one']);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });
});

describe('rotation', () => {
  test('starts a new file before one grows too long, and keeps as many as asked for', async () => {
    await inTemporaryDirectory(async (directory) => {
      const path = join(directory, 'run.log');
      await writeMessages({ path, maxBytes: 40, keep: 2 }, ['1111', '2222', '3333', '4444', '5555', '6666', '7777']);
      expect((await readdir(directory)).sort()).toEqual(['run.log', 'run.log.1', 'run.log.2']);
      expect(await readFile(path, 'utf8')).toBe('T warning: 7777\n');
      expect(await readFile(`${path}.1`, 'utf8')).toBe('T warning: 5555\nT warning: 6666\n');
      expect(await readFile(`${path}.2`, 'utf8')).toBe('T warning: 3333\nT warning: 4444\n');
      expect((await stat(`${path}.2`)).mode & 0o777).toBe(0o600);
    });
  });

  test('a line longer than the limit has a file of its own', async () => {
    await inTemporaryDirectory(async (directory) => {
      const path = join(directory, 'run.log');
      await writeMessages({ path, maxBytes: 10, keep: 9 }, ['1111', '2222']);
      expect((await readdir(directory)).sort()).toEqual(['run.log', 'run.log.1']);
    });
  });

  test('leaves it to another process that is at it, but not to one that died', async () => {
    await inTemporaryDirectory(async (directory) => {
      const path = join(directory, 'run.log');
      await writeFile(`${path}.lock`, '');
      await writeMessages({ path, maxBytes: 20 }, ['1111', '2222']);
      expect(await readFile(path, 'utf8')).toBe('T warning: 1111\nT warning: 2222\n');
      await utimes(`${path}.lock`, 0, 0);
      await writeMessages({ path, maxBytes: 20 }, ['3333', '4444']);
      expect((await readdir(directory)).sort()).toEqual(['run.log', 'run.log.1']);
    });
  });

  test('two processes lose no line and tear none', { timeout: 60_000 }, async () => {
    await inTemporaryDirectory(async (directory) => {
      const path = join(directory, 'run.log');
      const program = join(import.meta.dirname, 'fixtures/log-writer.ts');
      await Promise.all(['a', 'b', 'c'].map((name) => execa(process.execPath, [program, path, name, '2000'])));
      const files = await readdir(directory);
      const texts = await Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')));
      const lines = texts.join('').trimEnd().split('\n').sort();
      const expected = ['a', 'b', 'c'].flatMap((name) =>
        Array.from({ length: 2000 }, (_, index) => `T warning: ${name} ${index + 1}.`),
      );
      expect(lines).toEqual(expected.sort());
      expect(files.length).toBeGreaterThan(5);
    });
  });
});

describe('a place that could be somebody else’s is refused', () => {
  test('a symbolic link', async () => {
    await inTemporaryDirectory(async (directory) => {
      const path = join(directory, 'run.log');
      await symlink(join(directory, 'target'), path);
      expect(refusal(path)).toMatchObject({
        code: 'USAGE',
        where: path,
        message: expect.stringContaining('symbolic link'),
      });
      expect(await readdir(directory)).toEqual(['run.log']);
    });
  });

  test('a second name of another file', async () => {
    await inTemporaryDirectory(async (directory) => {
      const path = join(directory, 'run.log');
      await writeFile(join(directory, 'victim'), 'x');
      await link(join(directory, 'victim'), path);
      expect(refusal(path)?.message).toContain('hard link');
    });
  });

  test('another user’s file', async () => {
    await inTemporaryDirectory(async (directory) => {
      const path = join(directory, 'run.log');
      await writeFile(path, '');
      await chown(path, 65534, 65534);
      expect(refusal(path)?.message).toContain('another user (uid 65534)');
    });
  });

  test('a pipe, a directory, a device', async () => {
    await inTemporaryDirectory(async (directory) => {
      await execa('mkfifo', [join(directory, 'pipe')]);
      await mkdir(join(directory, 'folder'));
      expect(refusal(join(directory, 'pipe'))?.message).toContain('not a regular file');
      expect(refusal(join(directory, 'folder'))?.message).toContain('EISDIR');
      expect(refusal('/dev/null')?.message).toContain('not a regular file');
    });
  });
});

test('a log that can no longer be written is told once, and ends nothing', async () => {
  await inTemporaryDirectory(async (directory) => {
    const path = join(directory, 'run.log');
    const problems: string[] = [];
    const log = logFile({ path, format: 'text', onProblem: (message) => problems.push(message) });
    await log.close();
    log.on(at({ type: 'warning', message: 'lost' }));
    log.on(at({ type: 'warning', message: 'lost' }));
    expect(problems).toEqual([expect.stringContaining(`the log file ${path} cannot be written: EBADF`)]);
  });
});
