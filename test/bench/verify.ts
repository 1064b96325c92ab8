import { createHash, randomFillSync } from 'node:crypto';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { discPaths } from '../../src/disc/paths.ts';
import { trusted, verifyQuietly } from '../support/archive/corruption.ts';
import { someFiles, writeImage, writeTree } from '../support/archive/signed-disc.ts';
import { median } from '../support/bench/median.ts';
import { secondsOf } from '../support/bench/seconds-of.ts';
import { gpgHome, type TestKey } from '../support/gpg-home.ts';

/**
 * `verify` of an image of 1 GiB beside `openssl dgst -sha256` of the same file, in turns, from the page cache: the whole command in a
 * process of its own, as people call it.
 */
const SIZE = 2 ** 30;
const PIECES = 16;
const REPEATS = 7;
const CLI = join(import.meta.dirname, '../../bin/metalk8s.js');

const directory = await mkdtemp(join(tmpdir(), 'mk8s-bench-'));
const home = await gpgHome();
try {
  const key = await home.makeKey('release');
  const keyFile = join(directory, 'key.asc');
  await writeFile(keyFile, await key.publicKey());
  const { image, tree } = await makeLargeDisc(key);
  const { bytes } = await verifyQuietly(image, await trusted(keyFile));
  say(`an image of ${bytes} bytes; median of ${REPEATS}`);

  const verify = (path: string) => () => execa('node', [CLI, 'verify', path, '--trusted-key', keyFile]);
  const rivals = {
    'openssl dgst -sha256': () => execa('openssl', ['dgst', '-sha256', image]),
    'verify, the image': verify(image),
    'verify, its folder': verify(tree),
    sha256sum: () => execa('sha256sum', [image]),
  };
  const times = Object.keys(rivals).map((): number[] => []);
  for (const run of Object.values(rivals)) await run();
  for (let repeat = 0; repeat < REPEATS; repeat++)
    for (const [index, run] of Object.values(rivals).entries()) times[index]?.push(await secondsOf(run));

  const [baseline = 1] = times.map(median);
  for (const [index, name] of Object.keys(rivals).entries()) {
    const time = median(times[index] ?? []);
    const cells = [`${time.toFixed(2)} s`, `${Math.round(bytes / 2 ** 20 / time)} MiB/s`, (time / baseline).toFixed(2)];
    say(`${name.padEnd(22)} ${cells.map((cell) => cell.padStart(11)).join(' ')}`);
  }
} finally {
  await home.close();
  await rm(directory, { recursive: true });
}

async function makeLargeDisc(key: TestKey) {
  const tree = join(directory, 'tree');
  const sums: string[] = [];
  const chunk = Buffer.alloc(2 ** 20);
  for (let piece = 0; piece < PIECES; piece++) {
    const path = `${discPaths.blobs}/${createHash('sha256').update(`${piece}`).digest('hex')}`;
    await mkdir(dirname(join(tree, path)), { recursive: true });
    const hash = createHash('sha256');
    const file = await open(join(tree, path), 'wx', 0o444);
    for (let written = 0; written < SIZE / PIECES; written += chunk.length) {
      randomFillSync(chunk);
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.close();
    sums.push(`${hash.digest('hex')}  ${path}\n`);
  }
  const {
    [`${discPaths.blobs}/${'a'.repeat(64)}`]: _a,
    [`${discPaths.blobs}/${'b'.repeat(64)}`]: _b,
    ...files
  } = someFiles({ key });
  const changeSums = (text: string) =>
    [...text.split('\n').filter(Boolean), ...sums.map((line) => line.trimEnd())]
      .sort((left, right) => (left.slice(66) < right.slice(66) ? -1 : 1))
      .join('\n')
      .concat('\n');
  await writeTree(tree, files, { key, changeSums });
  const image = join(directory, 'disc.iso');
  await writeImage(tree, image, { key });
  return { image, tree };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
