import { chmod, lstat, mkdir, readdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { sha256Of } from '../../../src/disc/sha256-of.ts';
import type { StepContext } from '../../../src/engine/step-handler.ts';
import { copyFromArchive } from '../../../src/engine/steps/copy-from-archive.ts';
import { noteFiles } from '../../../src/engine/steps/note-files.ts';
import { placeFiles } from '../../../src/engine/steps/place-files.ts';
import { restoreFiles } from '../../../src/engine/steps/restore-files.ts';
import type { Possession } from '../../../src/plan/possession.ts';
import { type Acting, type Answer, actingHost } from '../../support/engine/acting-host.ts';
import { inTemporaryDirectory } from '../../support/temporary-directory.ts';

const described = { id: 'place', host: 'node-1', title: '', reason: '', disrupts: null } as const;
const root = { user: 'root', group: 'root' } as const;
const one = { path: '/etc/x/one.conf', mode: '0644', ...root, sha256: sha256Of('one\n') };
const two = { path: '/etc/x/y/two.key', mode: '0600', ...root, sha256: sha256Of('two\n') };
const contents = { [one.sha256]: 'one\n', [two.sha256]: 'two\n' };
const step = {
  ...described,
  kind: 'place-files',
  directories: [{ path: '/etc/x', mode: '0750', ...root }],
  files: [one, two],
} as const;

test('files and folders are placed, noted before, and then left alone', () =>
  inTemporaryDirectory(async (directory) => {
    await mkdir(join(directory, 'etc'));
    const { context, noted } = actingHost(directory, {
      contents,
      async beforeNoting(entries) {
        for (const entry of entries)
          if (entry.what === 'path') await expect(lstat(join(directory, entry.path))).rejects.toThrow('ENOENT');
      },
    });
    expect(await placeFiles(step, context)).toEqual({ changed: true });
    expect(await readFile(join(directory, one.path), 'utf8')).toBe('one\n');
    expect(await context.host.files.look(two.path)).toMatchObject({ type: 'file', mode: 0o600, uid: 0, gid: 0 });
    expect(await context.host.files.look('/etc/x')).toMatchObject({ mode: 0o750 });
    const file = ({ path, sha256 }: typeof one) => ({ what: 'file', path, before: null, ours: sha256, placed: true });
    const path = (each: string) => ({ what: 'path', path: each });
    expect(noted).toEqual([
      ...['/etc/x', '/etc/x/y'].map(path),
      ...[one, two].map(file),
      ...['/etc/x/.one.conf.metalk8s-new', '/etc/x/y/.two.key.metalk8s-new'].map(path),
    ]);
    expect(await placeFiles(step, context)).toEqual({ changed: false });
    expect(noted).toHaveLength(6);
  }));

test.each<[string, (path: string) => Promise<void>]>([
  ['another content', (path) => writeFile(path, 'other')],
  ['another mode', (path) => chmod(path, 0o666)],
  [
    'a link',
    async (path) => {
      await writeFile(`${path}.elsewhere`, 'one\n');
      await symlink(`${path}.elsewhere`, `${path}.link`);
      await rename(`${path}.link`, path);
    },
  ],
])('%s is put right, and nothing else is written', (_, spoil) =>
  inTemporaryDirectory(async (directory) => {
    const { context } = actingHost(directory, { contents });
    await placeFiles(step, context);
    const before = await lstat(join(directory, two.path));
    await spoil(join(directory, one.path));
    expect(await placeFiles(step, context)).toEqual({ changed: true });
    expect(await context.host.files.look(one.path)).toMatchObject({ type: 'file', mode: 0o644, size: 4 });
    expect((await lstat(join(directory, two.path))).ino).toBe(before.ino);
  }),
);

test('what a killed run has left beside a file is gone', () =>
  inTemporaryDirectory(async (directory) => {
    const { context } = actingHost(directory, { contents });
    await mkdir(join(directory, 'etc/x'), { recursive: true });
    await writeFile(join(directory, 'etc/x/.one.conf.metalk8s-new'), 'on');
    await placeFiles(step, context);
    expect((await readdir(join(directory, 'etc/x'))).sort()).toEqual(['one.conf', 'y']);
  }));

test('a plan that lacks a content writes nothing', () =>
  inTemporaryDirectory(async (directory) => {
    const { context } = actingHost(directory, { contents: { [one.sha256]: 'one\n' } });
    await expect(placeFiles(step, context)).rejects.toThrow(`no content ${two.sha256} for /etc/x/y/two.key`);
    expect(await readdir(join(directory, 'etc/x'))).toEqual([]);
  }));

test('what is copied from an archive is what was signed, or nothing is written', () =>
  inTemporaryDirectory(async (directory) => {
    const { context } = actingHost(directory);
    const copy = {
      ...described,
      kind: 'copy-from-archive',
      version: '136.0.0',
      files: [
        { ...one, source: '/srv/one' },
        { ...two, source: '/srv/two' },
      ],
    } as const;
    await mkdir(join(directory, 'srv'));
    await writeFile(join(directory, 'srv/one'), 'one\n');
    await expect(copyFromArchive(copy, context)).rejects.toMatchObject({
      code: 'VERIFICATION_FAILED',
      where: '/srv/two',
      message: 'a file of the archive is missing',
    });
    await writeFile(join(directory, 'srv/two'), 'Two\n');
    await expect(copyFromArchive(copy, context)).rejects.toMatchObject({
      code: 'VERIFICATION_FAILED',
      where: '/srv/two',
      message: expect.stringContaining(`and ${two.sha256} was signed`),
    });
    expect(await readdir(directory)).toEqual(['srv']);
    await writeFile(join(directory, 'srv/two'), 'two\n');
    expect(await copyFromArchive(copy, context)).toEqual({ changed: true });
    expect(await readFile(join(directory, two.path), 'utf8')).toBe('two\n');
    // The archive may be gone by now.
    await writeFile(join(directory, 'srv/two'), 'Two\n');
    expect(await copyFromArchive(copy, context)).toEqual({ changed: false });
  }));

test('a file of the owner is kept before it is replaced, once, and put back as it was', () =>
  ofOwner(async ({ file, copy, context, noted, entry }) => {
    const before = { type: 'file', copy: `/var/lib/metalk8s/before${one.path}`, mode: 0o640, uid: 0, gid: 0 };
    await placeFiles(step, context);
    expect(entry()).toEqual({ what: 'file', path: one.path, before, ours: one.sha256, placed: true });
    expect((await lstat(copy)).mode & 0o777).toBe(0o600);
    // What somebody made of ours, or of a file that was not there, is no file of the owner.
    const first = [...noted];
    await writeFile(file, 'changed\n');
    await writeFile(join(dirname(file), 'y/two.key'), 'changed\n');
    await placeFiles(step, context);
    expect(noted).toEqual(first);
    expect(await readFile(file, 'utf8')).toBe('one\n');

    expect(await restore(noted, context)).toEqual({ changed: true });
    expect(await readFile(file, 'utf8')).toBe('of the owner\n');
    expect((await lstat(file)).mode & 0o777).toBe(0o640);
    await expect(lstat(join(dirname(file), 'y/two.key'))).rejects.toThrow('ENOENT');
    expect(await restore(noted, context)).toEqual({ changed: false });
    // Whoever edits it then, and resets once more, keeps what was written.
    await writeFile(file, 'newer\n');
    expect(await restore(noted, context)).toEqual({ changed: false });
    expect(await readFile(file, 'utf8')).toBe('newer\n');
  }));

test('until ours is there, the file of the owner is the one that the owner has there', () =>
  ofOwner(async ({ file, context, noted, told, entry }) => {
    const edits = ['second\n', 'third\n', 'fourth\n'];
    const looks = () => noteFiles(step.files, context);
    await looks();
    for (const edit of edits) {
      await writeFile(file, edit);
      // The run ended before ours came.
      expect(await restore(noted, context)).toEqual({ changed: false });
      expect(told.splice(0)).toEqual([expect.stringContaining(`${one.path} was changed by somebody`)]);
      expect(await readFile(file, 'utf8')).toBe(edit);
      await looks();
      expect(entry()).toMatchObject({ placed: false });
    }
    // Between two looks, too.
    await chmod(file, 0o604);
    await placeFiles(step, context);
    await restore(noted, context);
    expect(await readFile(file, 'utf8')).toBe('fourth\n');
    expect((await lstat(file)).mode & 0o777).toBe(0o604);
  }));

test('what the owner made where nothing was before ours came is kept as well', () =>
  ofOwner(async ({ file, context, noted }) => {
    await rm(file);
    await noteFiles(step.files, context);
    await writeFile(file, 'new\n');
    await placeFiles(step, context);
    await restore(noted, context);
    expect(await readFile(file, 'utf8')).toBe('new\n');
  }));

test('a file that its owner removed comes back rather than being lost', () =>
  ofOwner(async ({ file, context, noted }) => {
    await noteFiles(step.files, context);
    await rm(file);
    await placeFiles(step, context);
    await restore(noted, context);
    expect(await readFile(file, 'utf8')).toBe('of the owner\n');
  }));

test.each(['elsewhere', 'nowhere', '.'])('a link of the owner, to %s, is replaced, and put back', (target) =>
  ofOwner(async ({ file, context, noted }) => {
    await rename(file, join(dirname(file), 'elsewhere'));
    await symlink(target, file);
    await noteFiles(step.files, context);
    await placeFiles(step, context);
    expect((await lstat(file)).isFile()).toBe(true);
    expect(await readFile(join(dirname(file), 'elsewhere'), 'utf8')).toBe('of the owner\n');
    await restore(noted, context);
    expect(await readlink(file)).toBe(target);
    expect((await readdir(dirname(file))).sort()).toEqual(['elsewhere', 'one.conf', 'y']);
  }),
);

test.each(['carried on with', 'reset'])('a run that was killed at any moment and is %s loses nothing', async (then) => {
  for (let moment = 1; moment < 20; moment += 1) {
    const isWhole = await ofOwner(async ({ file, context, noted }) => {
      await noteFiles(step.files, context);
      await writeFile(file, 'newer\n');
      const isKilled = await placeFiles(step, killedBefore(moment, context)).then(
        () => false,
        (error: Error) => error.message === 'killed',
      );
      if (then !== 'reset') {
        // The next run begins with a look.
        await noteFiles(step.files, context);
        await placeFiles(step, context);
        expect(await readFile(file, 'utf8')).toBe('one\n');
      }
      await restore(noted, context);
      expect(await readFile(file, 'utf8')).toBe('newer\n');
      expect(await readdir(join(dirname(file), 'y'))).toEqual([]);
      return !isKilled;
    });
    // A mode, a copy and its note, drafts, files, and that they are there.
    if (isWhole) return expect(moment).toBe(7);
  }
  throw new Error('it never came to its end');
});

test.each([
  ['brought for us', 'bash-0:5-1.x86_64', 'of the owner\n'],
  ['that was there before', 'containerd.io-0:1-1.x86_64', 'of a package\n'],
])('words of a package %s', (_, had, kept) =>
  ofOwner(
    async ({ file, context, noted }) => {
      await noteFiles(step.files, context);
      await context.possessions.add([{ what: 'packages-before', packages: [had] }]);
      await writeFile(file, 'of a package\n');
      await noteFiles(step.files, context);
      await placeFiles(step, context);
      await restore(noted, context);
      expect(await readFile(file, 'utf8')).toBe(kept);
    },
    (command) =>
      command.startsWith('rpm --query ')
        ? `containerd.io.x86_64 ${sha256Of('x')} /etc/y\ncontainerd.io.x86_64 ${sha256Of('of a package\n')} ${one.path}\n`
        : undefined,
  ),
);

test.each([true, false])(
  'what a power cut has left empty where nothing was is nobody’s, bootstrapped again: %s',
  (again) =>
    ofOwner(async ({ root, file, context, noted }) => {
      await rm(file);
      await noteFiles(step.files, context);
      await writeFile(file, '');
      if (again) await noteFiles(step.files, context);
      if (again) await placeFiles(step, context);
      await restore(noted, context);
      expect(await readdir(join(root, 'etc/x'))).toEqual(['y']);
    }),
);

test('what a killed Salt has left beside a file goes with it', () =>
  ofOwner(async ({ root, file, context, noted }) => {
    await placeFiles(step, context);
    const stored = join(root, '/var/lib/metalk8s/salt/files/metalk8s-files', one.sha256);
    await mkdir(dirname(stored), { recursive: true });
    await writeFile(stored, 'one\n');
    await writeFile(`${file}ab12_9xz`, 'on');
    await writeFile(`${file}mine_000`, 'mine');
    await restore(noted, context);
    expect((await readdir(dirname(file))).sort()).toEqual(['one.conf', 'one.confmine_000', 'y']);
  }));

test('a file of the owner that cannot be kept byte for byte is not replaced', () =>
  inTemporaryDirectory(async (directory) => {
    await mkdir(join(directory, 'etc/x'), { recursive: true });
    const file = join(directory, one.path);
    const latin = Buffer.from('# caf\u00e9\n', 'latin1');
    await writeFile(file, latin);
    const { context, noted } = actingHost(directory, { contents });
    await expect(placeFiles(step, context)).rejects.toMatchObject({ code: 'STEP_FAILED', where: one.path });
    expect(await readFile(file)).toEqual(latin);
    expect(noted.filter(({ what }) => what === 'file')).toEqual([]);
  }));

test('a copy that is gone is told of, and holds nothing up', () =>
  ofOwner(async ({ file, copy, context, noted, told }) => {
    await placeFiles(step, context);
    await rm(copy);
    expect(await restore(noted, context)).toEqual({ changed: true });
    expect(told).toEqual([expect.stringContaining('/var/lib/metalk8s/before/etc/x/one.conf is gone')]);
    expect(await readFile(file, 'utf8')).toBe('one\n');
  }));

interface Owned extends Acting {
  readonly root: string;
  readonly file: string;
  readonly copy: string;
  entry(): Possession | undefined;
}

/** A host where the first of the files is its owner's. */
function ofOwner<Value>(use: (owned: Owned) => Promise<Value>, run?: (command: string) => Answer): Promise<Value> {
  return inTemporaryDirectory(async (root) => {
    const file = join(root, one.path);
    const copy = join(root, 'var/lib/metalk8s/before', one.path);
    await mkdir(join(root, 'etc/x/y'), { recursive: true });
    await writeFile(file, 'of the owner\n');
    await chmod(file, 0o640);
    const acting = actingHost(root, {
      contents,
      ...(run && { run }),
      async beforeNoting(entries) {
        for (const entry of entries) {
          if (entry.what !== 'file' || entry.before?.type !== 'file' || entry.placed) continue;
          // A copy is whole before it is noted.
          expect(await readFile(join(root, entry.before.copy))).toEqual(await readFile(file));
        }
      },
    });
    const entry = () => acting.noted.find((each) => each.what === 'file' && each.path === one.path);
    return use({ ...acting, root, file, copy, entry });
  });
}

function restore(noted: readonly Possession[], context: StepContext) {
  const files = noted.flatMap((each) => {
    if (each.what !== 'file') return [];
    const { what: _, ...file } = each;
    return [file];
  });
  return restoreFiles({ ...described, kind: 'restore-files', files }, context);
}

/** A context of a process that is killed before it changes something for the nth time. */
function killedBefore(moment: number, context: StepContext): StepContext {
  let moments = 0;
  const mortal =
    <Words extends readonly unknown[], Value>(change: (...words: Words) => Promise<Value>) =>
    async (...words: Words): Promise<Value> => {
      moments += 1;
      if (moments >= moment) throw new Error('killed');
      return change(...words);
    };
  const { host, possessions } = context;
  const { ensureDirectory, writeAtomic, remove } = host.files;
  const files = {
    ...host.files,
    ensureDirectory: mortal(ensureDirectory),
    writeAtomic: mortal(writeAtomic),
    remove: mortal(remove),
  };
  return { ...context, host: { ...host, files }, possessions: { ...possessions, add: mortal(possessions.add) } };
}
