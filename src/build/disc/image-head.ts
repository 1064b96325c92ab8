import { closeSync, ftruncateSync, mkdirSync, openSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { BLOCK } from '../../disc/iso/iso-image.ts';
import { sha256Of } from '../../disc/sha256-of.ts';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import { lastLines } from '../../hosts/last-lines.ts';
import type { BuildContext } from '../build-context.ts';
import { memo } from '../memo.ts';
import { runTool } from '../run-tool.ts';
import { tools } from '../tools.ts';
import { checkHead } from './check-head.ts';
import type { DiscLayout } from './disc-layout.ts';
import { pathList, weightList } from './path-list.ts';

/** All of an image but the contents of its files, which follow one another behind it, each filled up to whole blocks. */
export interface ImageHead {
  readonly bytes: Uint8Array;
  /** Bytes of the whole image. */
  readonly size: number;
}

export interface HeadRequest {
  readonly layout: DiscLayout;
  readonly volumeId: string;
  /** Of xorriso: another one may write another tree. */
  readonly xorriso: string;
}

const HEAD = 'head';
const HEAD_SUM = 'head.sha256';
const FILES = 'files';
const PATHS = 'paths';
const WEIGHTS = 'weights';

/**
 * The head of an image, made by xorriso. It lays out the tree from files that have nothing but their size, and is ended where the first
 * content would begin: what the files of the build station are called, where and on what they lie, when they were changed and whose they
 * are does not reach it. What it made is read back and compared with the layout. Kept in the cache.
 */
export async function imageHead(request: HeadRequest, context: BuildContext): Promise<ImageHead> {
  const { layout, volumeId, xorriso } = request;
  const sizes = layout.contents.map(({ size }) => size);
  const tree = layout.entries.map(({ path, executable, content }) => [path, executable, content ?? null]);
  const inputs = { format: 1, xorriso, volumeId, epoch: context.epoch, sizes, tree };
  const work = { kind: 'disc-head', inputs, make: (directory: string) => makeHead(directory, request, context) };
  const directory = await memo(context.cache, work);
  const bytes = (await readKept(directory)) ?? (await remade(directory, () => memo(context.cache, work)));
  const size = bytes.length + contentBlocks(layout) * BLOCK;
  await checkHead(bytes, { layout, volumeId, size });
  return { bytes, size };
}

async function readKept(directory: string): Promise<Uint8Array | undefined> {
  const [bytes, sum] = await Promise.all([
    readFile(join(directory, HEAD)).catch(() => Buffer.alloc(0)),
    readFile(join(directory, HEAD_SUM), 'utf8').catch(() => ''),
  ]);
  return sha256Of(bytes) === sum ? bytes : undefined;
}

/** What the cache has has rotted. */
async function remade(directory: string, make: () => Promise<string>): Promise<Uint8Array> {
  await rm(directory, { recursive: true, force: true });
  const bytes = await readKept(await make());
  if (bytes === undefined)
    throw new MetalK8sError('STEP_FAILED', 'what was just written reads otherwise', { where: directory });
  return bytes;
}

async function makeHead(directory: string, { layout, volumeId }: HeadRequest, context: BuildContext): Promise<void> {
  const { contents, entries } = layout;
  makeHollowFiles(
    join(directory, FILES),
    contents.map(({ size }) => size),
  );
  const fileOf = ({ content }: { readonly content?: number }) => `${FILES}/${content ?? 'empty'}`;
  await writeFile(join(directory, PATHS), pathList(entries, fileOf));
  await writeFile(join(directory, WEIGHTS), weightList(entries, contents.length));
  await mkdir(join(directory, 'home'));

  const options = xorrisoOptions(volumeId, context.epoch);
  const env = {
    PATH: context.env.PATH,
    HOME: join(directory, 'home'),
    TZ: 'UTC',
    SOURCE_DATE_EPOCH: `${context.epoch}`,
  };
  const run = { cwd: directory, env, stop: context.stop };
  const counted = await runTool(tools.xorriso, { ...run, arguments: [...options, '-print-size'] });
  const blocks =
    Number(/^\d+$/m.exec(Buffer.from(counted.stdout).toString())?.[0] ?? Number.NaN) - contentBlocks(layout);
  if (!(blocks > 0)) throw new MetalK8sError('STEP_FAILED', 'xorriso does not say how large the image becomes');

  const executables = entries.filter(({ executable }) => executable).map(({ path }) => `/${path}`);
  const modes = executables.length === 0 ? [] : ['-chmod', '0555', ...executables, '--'];
  const words = [...options, '-o', '-', '--', '-iso_rr_pattern', 'off', ...modes];
  const bytes = await firstBytes(words, blocks * BLOCK, run);
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory);
  await writeFile(join(directory, HEAD), bytes);
  await writeFile(join(directory, HEAD_SUM), sha256Of(bytes));
}

/** Of the right size, without content: they take no room. */
function makeHollowFiles(directory: string, sizes: readonly number[]): void {
  mkdirSync(directory);
  for (const [name, size] of [['empty', 0] as const, ...sizes.entries()]) {
    const file = openSync(join(directory, `${name}`), 'wx');
    try {
      ftruncateSync(file, size);
    } finally {
      closeSync(file);
    }
  }
}

/** See xorrisofs(1). Level 3 is for files above 4 GiB. The preparer would be xorriso with its version. */
function xorrisoOptions(volumeId: string, epoch: number): string[] {
  const date = new Date(epoch * 1000).toISOString().replace(/\D/g, '').slice(0, 14);
  return [
    ...['-as', 'mkisofs', '--no_rc', '-R', '-iso-level', '3', '-no-pad', '-V', volumeId, '-p', 'METALK8S'],
    ...['-uid', '0', '-gid', '0', '-dir-mode', '0555', '-file-mode', '0444'],
    ...['--set_all_file_dates', `=${epoch}`, `--modification-date=${date}00`],
    ...['--sort-weight-list', WEIGHTS, '-graft-points', '-path-list', PATHS],
  ];
}

/** Takes what xorriso writes up to a length, then ends it: it only reads, and an orderly end would take seconds. */
async function firstBytes(
  words: readonly string[],
  length: number,
  { cwd, env, stop }: { cwd: string; env: BuildContext['env']; stop: AbortSignal },
): Promise<Uint8Array> {
  const { stdout, stderr, isCanceled } = await execa(tools.xorriso.program, words, {
    cwd,
    env: { ...env, LC_ALL: 'C.UTF-8' },
    extendEnv: false,
    stdin: 'ignore',
    encoding: 'buffer',
    reject: false,
    cancelSignal: stop,
    killSignal: 'SIGKILL',
    maxBuffer: { stdout: length, stderr: 100_000_000 },
  });
  if (isCanceled) throw stop.reason;
  if (stdout.length >= length) return stdout.subarray(0, length);
  throw new MetalK8sError('STEP_FAILED', 'xorriso cannot make the tree of the disc', {
    cause: new Error(lastLines(Buffer.from(stderr).toString(), 20)),
  });
}

function contentBlocks({ contents }: DiscLayout): number {
  return contents.reduce((sum, { size }) => sum + Math.ceil(size / BLOCK), 0);
}
