import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { writeDisc } from '../../src/build/disc/write-disc.ts';
import type { DiscFile } from '../../src/disc/disc-file.ts';
import { discPaths } from '../../src/disc/paths.ts';
import { median } from '../support/bench/median.ts';
import { secondsOf } from '../support/bench/seconds-of.ts';

/**
 * Writing a disc beside `cat` of the same bytes, all of them in the page cache, in turns: what it takes with more and more known from before,
 * down to seeing that nothing has changed. `cat` with and without waiting until all is on the disk, as writing a disc does.
 */
const LARGE = { count: 150, size: 8_000_000 };
const SMALL = { count: 3000, size: 8000 };
const REPEATS = 3;

const directory = await mkdtemp(join(tmpdir(), 'mk8s-bench-'));
try {
  const files = await sources();
  const bytes = LARGE.count * LARGE.size + SMALL.count * SMALL.size;
  say(
    `${LARGE.count} files of 8 MB and ${SMALL.count} of 8 kB, ${Math.round(bytes / 2 ** 20)} MiB; seconds, median of ${REPEATS}`,
  );
  const rows = new Map<string, number[]>();
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    for (const [name, measure] of Object.entries(measures(files))) {
      await rm(join(directory, 'out.iso'), { force: true });
      await execa('sync');
      rows.set(name, [...(rows.get(name) ?? []), await measure()]);
    }
  }
  const cat = median(rows.get('cat, on the disk') ?? []);
  for (const [name, seconds] of rows)
    say(`${name.padEnd(40)}${median(seconds).toFixed(2).padStart(8)}${(median(seconds) / cat).toFixed(2).padStart(8)}`);
} finally {
  await rm(directory, { recursive: true });
}

function measures(files: readonly DiscFile[]): Record<string, () => Promise<number>> {
  const output = join(directory, 'out.iso');
  const cache = join(directory, 'cache');
  const forget = async (...names: readonly string[]) => {
    for (const name of names) await rm(join(cache, name), { recursive: true, force: true });
  };
  const write = (force: boolean) => () => writeOne(files, output, cache, force);
  return {
    'cat, in the page cache': () => secondsOf(() => execa('sh', ['-c', 'cat files/* > out.iso'], { cwd: directory })),
    'cat, on the disk': () =>
      secondsOf(() => execa('sh', ['-c', 'cat files/* > out.iso && sync out.iso'], { cwd: directory })),
    'disc, every content to be summed': async () => {
      await forget('checked-contents.json', 'discs');
      return secondsOf(write(true));
    },
    'disc, only the image to be summed': async () => {
      await forget('discs');
      return secondsOf(write(true));
    },
    'disc, the same once more': () => secondsOf(write(true)),
    'nothing changed': async () => {
      await write(true)();
      return secondsOf(write(false));
    },
  };
}

async function writeOne(files: readonly DiscFile[], output: string, cache: string, force: boolean): Promise<void> {
  const { env } = process;
  const facts = { startedAt: new Date(), tools: {}, builder: 'bench' };
  await writeDisc(
    { files, volumeId: 'metalk8s-136.0.0', output, force, signer: undefined, facts },
    { cache, concurrency: 2, epoch: 1e9, stop: new AbortController().signal, env },
    { progress() {}, output() {}, retried() {}, waiting() {}, warning() {}, unchanged() {} },
  );
}

async function sources(): Promise<DiscFile[]> {
  await mkdir(join(directory, 'files'));
  const sizes = [LARGE, SMALL].flatMap(({ count, size }) => Array.from({ length: count }, () => size));
  const files: DiscFile[] = [];
  for (const size of sizes) {
    const content = randomBytes(size);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const file = join(directory, 'files', sha256);
    await writeFile(file, content);
    files.push({ path: `${discPaths.blobs}/${sha256}`, source: { file, sha256, size } });
  }
  return files;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
