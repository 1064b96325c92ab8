import { execFile } from 'node:child_process';
import { chown, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, expect, test } from 'vitest';
import { checkRoom } from '../../../src/build/disc/check-room.ts';
import { examineOutput } from '../../../src/build/disc/examine-output.ts';
import { unwritable } from '../../../src/build/disc/failures.ts';
import { clearLeftovers, temporaryNames } from '../../../src/build/disc/leftovers.ts';
import { placeDirectory, placeFile } from '../../../src/build/disc/place.ts';
import { ownMark } from '../../../src/build/process-mark.ts';
import { directoryOfTest } from '../../support/test-directory.ts';

let directory: string;

beforeEach(async () => {
  directory = await directoryOfTest();
});

const at = (...names: string[]) => join(directory, ...names);

test('an output is a file to be, in a folder that is there', async () => {
  expect(await examineOutput(at('x.iso'), { inParts: false })).toEqual({
    path: at('x.iso'),
    directory,
    name: 'x.iso',
    record: at('x.iso.build.json'),
    exists: false,
  });
  await writeFile(at('x.iso'), '');
  await symlink('x.iso', at('link.iso'));
  expect(await examineOutput(at('link.iso'), { inParts: false })).toMatchObject({ path: at('x.iso'), exists: true });
  expect(await examineOutput(at('x.iso'), { inParts: true })).toMatchObject({
    path: at('x.iso.parts'),
    name: 'x.iso',
    record: at('x.iso.parts.build.json'),
    exists: false,
  });
});

test('what can be no output is told apart', async () => {
  await promisify(execFile)('mkfifo', [at('pipe')]);
  await mkdir(at('folder'));
  await symlink('nowhere', at('link'));
  await writeFile(at('file'), '');
  await mkdir(at('y.iso.build.json'));
  const cases = [
    [at('pipe'), 'is a pipe', at('pipe')],
    [at('folder'), 'is a directory', at('folder')],
    [`${at('folder')}/`, 'names no file', `${at('folder')}/`],
    ['', 'names no file', ''],
    ['/dev/null', 'is a device', '/dev/null'],
    [at('link'), 'is a link to nothing', at('link')],
    [at('none', 'x.iso'), 'does not exist', at('none')],
    [at('file', 'x.iso'), 'is no folder', at('file')],
    [at('y.iso'), 'is a directory', at('y.iso.build.json')],
    [at('x'.repeat(161)), 'has a name of more than 160 bytes', at('x'.repeat(161))],
  ] as const;
  for (const [output, why, where] of cases) {
    await expect(examineOutput(output, { inParts: false }), output).rejects.toMatchObject({
      code: 'USAGE',
      message: `the output ${why}`,
      where,
    });
  }
  await writeFile(at('z.iso.parts'), '');
  await expect(examineOutput(at('z.iso'), { inParts: true })).rejects.toThrow('the output is a file');
});

test('there has to be room before anything is written', async () => {
  await checkRoom(directory, { size: 1, largestFile: 1 });
  await expect(checkRoom(directory, { size: 2 ** 40, largestFile: 1 })).rejects.toMatchObject({
    code: 'PREFLIGHT_FAILED',
    message: expect.stringMatching(/^the disc needs 1.1 TiB, and [\d.]+ [KMGT]iB are free$/),
    where: directory,
  });
});

test('a file takes its name only where there is none, or by force', async () => {
  await writeFile(at('new'), 'new');
  await writeFile(at('x.iso'), 'old');
  await expect(placeFile(at('new'), at('x.iso'), { force: false })).rejects.toMatchObject({ code: 'USAGE' });
  expect(await readFile(at('x.iso'), 'utf8')).toBe('old');
  await placeFile(at('new'), at('x.iso'), { force: true });
  expect(await readFile(at('x.iso'), 'utf8')).toBe('new');
  await rename('x.iso', 'new');
  await placeFile(at('new'), at('x.iso'), { force: false });
  expect(await readdir(directory)).toEqual(['x.iso']);
});

test('a directory takes the place of another by force alone, and nothing of the old one stays', async () => {
  const place = async (force: boolean) => {
    await mkdir(at('new'));
    await writeFile(at('new', `${force}`), '');
    return placeDirectory(at('new'), at('x.parts'), { force, aside: at('aside') });
  };
  await place(false);
  await expect(place(false)).rejects.toMatchObject({ code: 'USAGE' });
  await rm(at('new'), { recursive: true });
  await place(true);
  expect(await readdir(directory)).toEqual(['x.parts']);
  expect(await readdir(at('x.parts'))).toEqual(['true']);
});

test('what dead runs left is removed, what is of the living and of others stays', async () => {
  const dead = (await ownMark()).replace(/^.{12}/, '0'.repeat(12));
  const own = await temporaryNames({ directory, path: at('x.iso') });
  const theirs = Object.values(own).map((path) => path.replace(/(?<=-)[0-9a-f]{12}(?=-)/, '0'.repeat(12)));
  expect(theirs.every((path) => path.includes(dead))).toBe(true);
  for (const path of [own.image, own.parts, ...theirs]) await mkdir(path);
  await writeFile(at('x.iso'), 'there');
  await writeFile(at('.metalk8s-partial-notes.txt'), 'of the user');
  const told = await clearLeftovers(directory);
  expect(told).toHaveLength(4);
  expect((await readdir(directory)).map((name) => at(name)).sort()).toEqual(
    [own.image, own.parts, at('x.iso'), at('.metalk8s-partial-notes.txt')].sort(),
  );
});

test('a directory that a dead run had moved aside is put back when nothing took its place', async () => {
  const { replaced } = await temporaryNames({ directory, path: at('x.iso.parts') });
  const dead = replaced.replace(/(?<=-)[0-9a-f]{12}(?=-)/, '0'.repeat(12));
  await mkdir(dead);
  await writeFile(join(dead, 'part'), 'old');
  expect(await clearLeftovers(directory)).toEqual([
    `put back ${at('x.iso.parts')}, which a run that was killed had moved aside`,
  ]);
  expect(await readFile(at('x.iso.parts', 'part'), 'utf8')).toBe('old');
});

test.runIf(process.getuid?.() === 0)('what is of another user stays, whatever it is called', async () => {
  const { image, replaced } = await temporaryNames({ directory, path: at('x.iso') });
  const theirs = [image, replaced].map((path) => path.replace(/(?<=-)[0-9a-f]{12}(?=-)/, '0'.repeat(12)));
  for (const path of theirs) {
    await mkdir(path);
    await chown(path, 54_321, 54_321);
  }
  expect(await clearLeftovers(directory)).toEqual([]);
  expect(await readdir(directory)).toHaveLength(2);
});

test('failures of writing are told apart', () => {
  const failure = (code: string) => Object.assign(new Error(code), { code, syscall: 'write' });
  expect(unwritable(failure('ENOSPC'), '/x')).toMatchObject({
    code: 'STEP_FAILED',
    message: expect.stringContaining('disk is full'),
  });
  expect(unwritable(failure('EFBIG'), '/x')).toMatchObject({ hint: expect.stringContaining('--split 4294967295') });
  expect(unwritable(failure('EIO'), '/x')).toMatchObject({ message: 'the disc cannot be written', where: '/x' });
  const other = new Error('of another kind');
  expect(unwritable(other, '/x')).toBe(other);
});

async function rename(from: string, to: string): Promise<void> {
  await writeFile(at(to), await readFile(at(from)));
  await rm(at(from));
}
