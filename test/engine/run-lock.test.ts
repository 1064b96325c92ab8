import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test, vi } from 'vitest';
import { lockHolder } from '../../src/engine/lock-holder.ts';
import { withRunLock } from '../../src/engine/run-lock.ts';
import { localFileStore } from '../../src/hosts/local-file-store.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

const owner = { pid: process.pid, command: 'metalk8s reset', since: '2026-02-02T00:00:00.000Z' };

async function holder(path: string) {
  const child = execa(process.execPath, [join(import.meta.dirname, 'fixtures/hold-lock.ts'), path], { reject: false });
  const first = await new Promise((resolve) => child.stdout.once('data', (data) => resolve(String(data))));
  expect(first).toBe('held\n');
  return { child };
}

test('gives what the work gives, names the run, and names nobody afterwards', () =>
  inTemporaryDirectory(async (directory) => {
    const path = join(directory, 'run/metalk8s/lock');
    const value = await withRunLock(path, owner, async (lock) => {
      expect(await lockHolder(localFileStore, path)).toEqual(owner);
      await lock.nameRun('0002-reset-x');
      expect(await lockHolder(localFileStore, path)).toEqual({ ...owner, runId: '0002-reset-x' });
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      return 7;
    });
    expect(value).toBe(7);
    expect(await readFile(path, 'utf8')).toBe('');
    expect(await lockHolder(localFileStore, path)).toBeUndefined();
  }));

test('while another process holds it, that one is named; once it has let go or was killed, the lock is free', () =>
  inTemporaryDirectory(async (directory) => {
    const path = join(directory, 'lock');
    for (const end of ['told', 'killed']) {
      const { child } = await holder(path);
      await expect(withRunLock(path, owner, async () => 'worked')).rejects.toMatchObject({
        code: 'LOCKED',
        message: `metalk8s bootstrap (process ${child.pid}, since 2026-01-01T00:00:00.000Z, run 0001-bootstrap-x) is at work on this host`,
        where: path,
      });
      if (end === 'told') child.stdin.write('end\n');
      else child.kill('SIGKILL');
      await child;
      expect(await withRunLock(path, owner, async () => 'worked')).toBe('worked');
    }
  }));

test('who was killed holds nothing, also when another process has its pid by now', () =>
  inTemporaryDirectory(async (directory) => {
    const path = join(directory, 'lock');
    const { child } = await holder(path);
    expect(await lockHolder(localFileStore, path)).toMatchObject({ pid: child.pid, runId: '0001-bootstrap-x' });
    child.kill('SIGKILL');
    await child;
    expect(await lockHolder(localFileStore, path)).toBeUndefined();
    // Of this very process, which began at another time.
    await writeFile(path, (await readFile(path, 'utf8')).replace(`"pid":${child.pid}`, `"pid":${process.pid}`));
    expect(await lockHolder(localFileStore, path)).toBeUndefined();
  }));

test('programs that the work starts do not hold it', () =>
  inTemporaryDirectory(async (directory) => {
    const path = join(directory, 'lock');
    const { left } = await withRunLock(path, owner, async () => ({ left: execa('sleep', ['60'], { reject: false }) }));
    expect(await withRunLock(path, owner, async () => 'worked')).toBe('worked');
    left.kill('SIGKILL');
    expect((await left).signal).toBe('SIGKILL');
  }));

test('a lock file that cannot be written is named, and nothing is done', async () => {
  // A device: it can be opened and locked as a file, and takes nothing.
  const locked = withRunLock('/dev/full', owner, () => Promise.reject(new Error('worked')));
  await expect(locked).rejects.toMatchObject({ code: 'STEP_FAILED', where: '/dev/full' });
});

test('two of one process are two', () =>
  inTemporaryDirectory(async (directory) => {
    const path = join(directory, 'lock');
    await withRunLock(path, owner, async () => {
      await expect(withRunLock(path, owner, async () => {})).rejects.toMatchObject({ code: 'LOCKED' });
    });
  }));

test('it is taken by the program of the host, whatever the path of the caller leads to', () =>
  inTemporaryDirectory(async (directory) => {
    await writeFile(join(directory, 'flock'), '#!/bin/sh\nexit 75\n', { mode: 0o755 });
    vi.stubEnv('PATH', directory);
    try {
      expect(await withRunLock(join(directory, 'lock'), owner, async () => 'worked')).toBe('worked');
    } finally {
      vi.unstubAllEnvs();
    }
  }));

test('work that fails lets go, and so does work that removes the file', () =>
  inTemporaryDirectory(async (directory) => {
    const path = join(directory, 'lock');
    await expect(withRunLock(path, owner, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await withRunLock(path, owner, () => rm(path));
    expect(await withRunLock(path, owner, async () => 'worked')).toBe('worked');
  }));

test('a place where no file can be is named', () =>
  inTemporaryDirectory(async (directory) => {
    await expect(withRunLock(directory, owner, async () => {})).rejects.toMatchObject({
      code: 'STEP_FAILED',
      where: directory,
    });
  }));
