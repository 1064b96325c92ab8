import { createHash } from 'node:crypto';
import { copyFile, link, mkdir, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DiscFile } from '../../../src/disc/disc-file.ts';
import { discPaths } from '../../../src/disc/paths.ts';

/** How the sources of a disc lie on the build station, which is not to be seen on the disc. */
export interface SampleOptions {
  /** The folder that they are put into. */
  readonly directory: string;
  /** Makes each of them, from last to first, as a second name of a file, or a copy of one. */
  readonly reversed?: boolean;
  readonly hardLinks?: boolean;
  /** Date of the sources, seconds since 1970. */
  readonly changed?: number;
  /** Other content, of one length: for a disc that is not the same. */
  readonly salt?: string;
  /** Bytes of all contents together, about. */
  readonly size?: number;
  /** Fingerprint of the key that signs the disc. */
  readonly key?: string;
}

const RELEASE = {
  apiVersion: 'metalk8s.scality.com/v1alpha1',
  kind: 'Archive',
  version: '136.0.0',
  kubernetes: '1.36.3',
  date: '2026-01-02T00:00:00Z',
};

/**
 * The files of a disc with something of everything: equal and empty contents, values and files, deep folders, names that xorriso takes
 * otherwise, contents around the size of a block.
 */
export async function sampleDisc(options: SampleOptions): Promise<DiscFile[]> {
  const files = texts(options);
  const sources = Object.entries(files).filter(([path]) => !path.startsWith('docs/'));
  const made = new Map<string, DiscFile>();
  for (const [path, text] of options.reversed ? sources.reverse() : sources) {
    made.set(path, { path, source: await store(path, text, options), ...executable(path) });
  }
  const values = Object.entries(files).filter(([path]) => path.startsWith('docs/'));
  return [
    ...made.values(),
    ...values.map(([path, text]): DiscFile => ({ path, source: { content: text }, ...executable(path) })),
  ];
}

function executable(path: string): Pick<DiscFile, 'executable'> {
  return path === discPaths.launcher || path === discPaths.node ? { executable: true } : {};
}

function texts({ salt = '', size = 3_000_000, key }: SampleOptions): Record<string, Buffer> {
  const layers = [1, 2, 3].map((number) => stream(`layer ${number} ${salt}`, Math.floor(size / 3)));
  const blob = (content: Buffer) => `${discPaths.blobs}/${createHash('sha256').update(content).digest('hex')}`;
  return {
    [discPaths.launcher]: Buffer.from('#!/bin/sh\nexec true\n'),
    [discPaths.node]: stream('node', 100_000),
    [discPaths.cliEntry]: Buffer.from('console.log(1);\n'),
    [discPaths.release]: Buffer.from(`${JSON.stringify({ ...RELEASE, signingKey: key ?? null })}\n`),
    ...Object.fromEntries(layers.map((layer) => [blob(layer), layer])),
    ...Object.fromEntries([1, 2047, 2048, 2049, 4096].map((length) => [`upstream/${length}`, stream('x', length)])),
    'packages/el9-x86_64/Packages/libstdc++-11.5.0~1-5.el9.x86_64.rpm': stream('rpm', 30_000),
    'packages/el10-x86_64/Packages/libstdc++-11.5.0~1-5.el9.x86_64.rpm': stream('rpm', 30_000),
    'salt/a/b/c/d/e/f/g/h/i/j/k/deep.sls': Buffer.from('deep\n'),
    'salt/empty.sls': Buffer.alloc(0),
    [`salt/${'long-'.repeat(50)}name`]: Buffer.from('long\n'),
    'docs/empty': Buffer.alloc(0),
    'docs/a=b': Buffer.from('equals\n'),
    'docs/c [d] *?': Buffer.from('pattern\n'),
    'docs/it\'s "quoted" $HOME `x`': Buffer.from('quotes\n'),
    'docs/-rf': Buffer.from('minus\n'),
    'docs/UPPER': Buffer.from('one\n'),
    'docs/upper': Buffer.from('another\n'),
  };
}

/** Bytes without a pattern, the same each time. */
function stream(name: string, length: number): Buffer {
  return createHash('shake256', { outputLength: length }).update(name).digest();
}

async function store(path: string, text: Buffer, { directory, hardLinks, changed }: SampleOptions) {
  const file = join(directory, hardLinks ? 'links' : 'files', path);
  await mkdir(dirname(file), { recursive: true });
  const sha256 = createHash('sha256').update(text).digest('hex');
  if (hardLinks === undefined) {
    // What another run has made stays: it is the same.
    const there = await stat(file).catch(() => undefined);
    if (there?.size !== text.length) await writeFile(file, text);
  } else {
    // Equal contents are one file with several names, or a file for each.
    const original = join(directory, 'originals', sha256);
    await mkdir(dirname(original), { recursive: true });
    await writeFile(original, text);
    await (hardLinks ? link : copyFile)(original, file);
  }
  if (changed !== undefined) await utimes(file, changed, changed);
  return { file, sha256, size: text.length };
}
