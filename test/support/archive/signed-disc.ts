import { createHash } from 'node:crypto';
import { chmod, mkdir, open, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { foldersOf } from '../../../src/disc/disc-path.ts';
import { IMAGE_HEADER_SIZE, renderImageHeader, signedText } from '../../../src/disc/image-header.ts';
import { canonicalSignature } from '../../../src/disc/openpgp/signature.ts';
import { discPaths, executablePaths } from '../../../src/disc/paths.ts';
import { renderSums } from '../../../src/disc/sums.ts';
import type { TestKey } from '../gpg-home.ts';

/** Files of a disc by their path. */
export type Files = Readonly<Record<string, Uint8Array | string>>;

export interface DiscOptions {
  readonly version?: string;
  readonly volumeId?: string;
  /** Signs it; nobody when left out. */
  readonly key?: Pick<TestKey, 'fingerprint'> & Partial<Pick<TestKey, 'sign'>>;
  /** How a content is signed, when not in the usual way. */
  readonly sign?: (content: string) => Promise<string>;
  /** Bytes to the list of sums that do not come from the files. */
  readonly changeSums?: (sums: string) => string;
}

/** What every disc has, small. */
export function someFiles(options: DiscOptions = {}): Files {
  return {
    [discPaths.launcher]: '#!/bin/sh\nexec true\n',
    [discPaths.node]: Buffer.alloc(400_000, 'node'),
    [discPaths.cliEntry]: 'console.log(1);\n',
    [`${discPaths.blobs}/${'a'.repeat(64)}`]: Buffer.alloc(1_500_000, 'layer'),
    [`${discPaths.blobs}/${'b'.repeat(64)}`]: Buffer.alloc(200_001, 'other'),
    [`${discPaths.packages}/el9-x86_64/Packages/libstdc++-11.5.0~1-5.el9.x86_64.rpm`]: 'rpm',
    [`${discPaths.salt}/a/b/c/d/e/f/g/h/i/deep.sls`]: 'deep\n',
    [`${discPaths.docs}/empty.md`]: '',
    [discPaths.release]: JSON.stringify({
      apiVersion: 'metalk8s.scality.com/v1alpha1',
      kind: 'Archive',
      version: options.version ?? '136.0.0',
      kubernetes: '1.36.3',
      date: '2026-01-02T00:00:00Z',
      signingKey: options.key?.fingerprint ?? null,
    }),
  };
}

/** Writes the content of a disc into a folder: files, list of sums, signature, modes as on the disc. */
export async function writeTree(directory: string, files: Files, options: DiscOptions = {}): Promise<void> {
  for (const folder of ['', ...foldersOf(Object.keys(files))])
    await mkdir(join(directory, folder), { recursive: true });
  const sums = Object.entries(files).map(([path, content]) => ({
    path,
    sha256: createHash('sha256').update(content).digest('hex'),
  }));
  const list = (options.changeSums ?? String)(renderSums(sums));
  const all: Files = { ...files, [discPaths.sums]: list, ...(await signatureOf(list, options)) };
  for (const [path, content] of Object.entries(all)) {
    await writeFile(join(directory, path), content);
    await chmod(join(directory, path), executablePaths.has(path) ? 0o555 : 0o444);
  }
  for (const folder of foldersOf(Object.keys(files))) await chmod(join(directory, folder), 0o755);
}

async function signatureOf(list: string, { key, sign = key?.sign }: DiscOptions): Promise<Files> {
  return sign === undefined ? {} : { [discPaths.sumsSignature]: canonicalSignature(Buffer.from(await sign(list))) };
}

/** Makes an image of such a folder with xorriso, and signs it. */
export async function writeImage(directory: string, image: string, options: DiscOptions = {}): Promise<void> {
  const volumeId = options.volumeId ?? `metalk8s-${options.version ?? '136.0.0'}`;
  await execa(
    'xorriso',
    ['-as', 'mkisofs', '-quiet', '-V', volumeId, '-r', '-iso-level', '3', '-o', image, directory],
    {
      env: { SOURCE_DATE_EPOCH: '1767312000' },
    },
  );
  await signImage(image, options);
}

/** Writes the header of an image that is there. */
export async function signImage(image: string, { key, sign = key?.sign }: DiscOptions): Promise<void> {
  const file = await open(image, 'r+');
  try {
    await file.write(new Uint8Array(IMAGE_HEADER_SIZE), 0, IMAGE_HEADER_SIZE, 0);
    const { size } = await stat(image);
    const sha256 = createHash('sha256')
      .update(await readFile(image))
      .digest('hex');
    const signature = await sign?.(signedText({ size, sha256 }));
    const header = renderImageHeader({ size, sha256, ...(signature === undefined ? {} : { signature }) });
    await file.write(header, 0, header.length, 0);
  } finally {
    await file.close();
  }
}

/** A folder with the content of a disc, and an image of it. */
export async function makeDisc(directory: string, options: DiscOptions = {}, files = someFiles(options)) {
  const disc = { tree: join(directory, 'tree'), image: join(directory, 'disc.iso') };
  await mkdir(dirname(disc.image), { recursive: true });
  await writeTree(disc.tree, files, options);
  await writeImage(disc.tree, disc.image, options);
  return disc;
}
