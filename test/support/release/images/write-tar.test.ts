import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Parser } from 'tar';
import { beforeAll, expect, test } from 'vitest';
import { directoryOfTests } from '../../test-directory.ts';
import type { FileEntry } from '../file-source.ts';
import { tarChunks, withParents } from './write-tar.ts';

const directory = directoryOfTests();
let program: string;

beforeAll(async () => {
  program = join(directory, 'program');
  await writeFile(program, 'x'.repeat(600), { mode: 0o640 });
});

test('writes what it is given, sorted, with parents, owners, modes and links', async () => {
  const entries: FileEntry[] = [
    { kind: 'file', path: '/usr/bin/node', source: program, mode: 0o4755 },
    { kind: 'link', path: '/bin', target: 'usr/bin' },
    { kind: 'text', path: '/status/status.json', content: '{}', uid: 999 },
    { kind: 'folder', path: '/tmp', mode: 0o1777 },
  ];
  expect(await listed(entries)).toEqual([
    'SymbolicLink bin 777 0 -> usr/bin',
    'Directory status/ 755 0',
    'File status/status.json 644 999 2',
    'Directory tmp/ 1777 0',
    'Directory usr/ 755 0',
    'Directory usr/bin/ 755 0',
    'File usr/bin/node 4755 0 600',
  ]);
});

test('the same entries in another order give the same bytes', async () => {
  const entries: FileEntry[] = [
    { kind: 'text', path: '/b', content: 'b' },
    { kind: 'file', path: '/a', source: program },
  ];
  expect(await bytes(entries)).toEqual(await bytes(entries.toReversed()));
});

test('names longer than a header takes come back whole', async () => {
  const path = `/${'long/'.repeat(60)}name`;
  expect((await listed([{ kind: 'text', path, content: '' }])).at(-1)).toBe(`File ${path.slice(1)} 644 0 0`);
});

test('a program that binds low ports carries the capability, as the kernel keeps it', async () => {
  const archive = await bytes([{ kind: 'file', path: '/coredns', source: program, mode: 0o755, bindsLowPorts: true }]);
  const record = Buffer.concat([
    Buffer.from('57 SCHILY.xattr.security.capability='),
    Buffer.from([1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    Buffer.from('\n'),
  ]);
  expect(record).toHaveLength(57);
  expect(archive.includes(record)).toBe(true);
});

test.each([
  ['two files at one path', ['/a', '/a'], 'two entries at /a'],
  ['a file below a file', ['/a', '/a/b'], '/a/b lies below /a, which is no folder'],
])('refuses %s', (_, paths, message) => {
  expect(() => withParents(paths.map((path) => ({ kind: 'text', path, content: '' })))).toThrow(message);
});

async function bytes(entries: readonly FileEntry[]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of tarChunks(entries)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function listed(entries: readonly FileEntry[]): Promise<string[]> {
  const lines: string[] = [];
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      const rest = entry.type === 'File' ? [entry.size] : entry.linkpath ? [`-> ${entry.linkpath}`] : [];
      lines.push([entry.type, entry.path, entry.mode?.toString(8), entry.uid, ...rest].join(' '));
      entry.resume();
    },
  });
  await pipeline(Readable.from(await bytes(entries)), parser);
  return lines;
}
