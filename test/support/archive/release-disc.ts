import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { TrustedKey } from '../../../src/archive/trusted-keys.ts';
import { writeDisc } from '../../../src/build/disc/write-disc.ts';
import type { DiscFile } from '../../../src/disc/disc-file.ts';
import { discPaths, executablePaths } from '../../../src/disc/paths.ts';
import { signerOf } from '../build/signer-of.ts';
import type { Report } from '../cache.ts';
import { KEYS_MADE, withGpgHome } from '../gpg-home.ts';
import { testRelease } from '../release/release.ts';
import { trusted } from './corruption.ts';
import { someFiles } from './signed-disc.ts';

const EPOCH = KEYS_MADE + 86_400;

export interface BuiltDisc {
  readonly image: string;
  readonly keys: TrustedKey[];
}

/** A signed image with the images, packages and files of the test release and a real runtime. */
export async function releaseDisc(directory: string, report: Report): Promise<BuiltDisc> {
  const release = await releaseFiles(report);
  const runtime = { ...(await fileAt(process.execPath, discPaths.node)), executable: true } as const;
  return builtDisc(directory, [...release, runtime], report);
}

/** A signed image with what every disc has and with more files, which may take the place of these, written as builds write theirs. */
export async function builtDisc(directory: string, more: readonly DiscFile[], report: Report): Promise<BuiltDisc> {
  return withGpgHome(async (home) => {
    const key = await home.makeKey('release');
    const publicKey = join(directory, 'key.asc');
    await writeFile(publicKey, await key.publicKey());
    const output = join(directory, 'disc.iso');
    const stop = new AbortController().signal;
    const signer = await signerOf(key.fingerprint, { epoch: EPOCH, env: home.env, stop });
    const facts = { startedAt: new Date(), tools: {}, builder: '136.0.0' };
    const taken = new Set(more.map(({ path }) => path));
    const own = Object.entries(someFiles({ key })).filter(([path]) => !taken.has(path));
    const values = own.map(
      ([path, content]): DiscFile => ({
        path,
        source: { content: Buffer.from(content) },
        ...(executablePaths.has(path) ? { executable: true } : {}),
      }),
    );
    await writeDisc(
      { files: [...values, ...more], volumeId: 'metalk8s-136.0.0', output, force: false, signer, facts },
      { cache: join(directory, 'cache'), concurrency: 2, epoch: EPOCH, stop, env: { ...process.env, ...home.env } },
      { progress() {}, output: report, retried() {}, waiting() {}, warning: report, unchanged() {} },
    );
    return { image: output, keys: await trusted(publicKey) };
  });
}

async function releaseFiles(report: Report): Promise<DiscFile[]> {
  const release = await testRelease({}, report);
  const folders = [
    [release.layout, discPaths.images],
    ...release.repositories.map(({ id, directory }) => [directory, `${discPaths.packages}/${id}`] as const),
  ] as const;
  const stored = await Promise.all(folders.map(([from, to]) => filesBelow(from, to)));
  return stored.flat();
}

async function filesBelow(directory: string, to: string): Promise<DiscFile[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files: DiscFile[] = [];
  for (const entry of entries.filter((one) => one.isFile())) {
    const file = join(entry.parentPath, entry.name);
    files.push(await fileAt(file, `${to}/${relative(directory, file)}`));
  }
  return files;
}

/** A file of this machine, for a place on the disc. */
export async function fileAt(file: string, path: string): Promise<DiscFile> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 2 ** 20 }), hash);
  return { path, source: { file, sha256: hash.digest('hex'), size: (await stat(file)).size } };
}
