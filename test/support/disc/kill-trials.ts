import { createHash, randomInt } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { killWriteDisc } from './run-write-disc.ts';
import { type SampleRequest, writeSample } from './write-sample.ts';

export interface KillTrials {
  readonly count: number;
  /** Bytes of the discs. */
  readonly size?: number;
  /** Told after each. */
  tell?(done: number): void;
}

/**
 * Kills the writing of a disc at random moments: of a new one, of one that replaces another, of one in parts. Throws when there is ever
 * something under the name of the disc that is not a whole disc, or when the run after it does not complete and clear up. Gives how many were
 * killed, and how many were faster.
 */
export async function killTrials(directory: string, { count, size = 2e7, tell }: KillTrials) {
  const cache = join(directory, 'cache');
  const place = join(directory, 'place');
  const output = join(place, 'x.iso');
  await mkdir(place);
  const common = { directory: join(directory, 'sources'), cache, output, size };
  const kinds = [
    { name: 'new', request: common, output },
    { name: 'replaced', request: { ...common, force: true }, output },
    { name: 'parts', request: { ...common, force: true, split: 6_000_000 }, output: `${output}.parts` },
  ] as const;
  const old = { ...common, salt: 'old', force: true };
  const whole = new Map<string, string>();
  let longest = 0;
  for (const kind of kinds) {
    const request = { ...kind.request, force: true };
    await write({ ...request, salt: 'old' });
    whole.set(await contentOf(kind.output), 'old');
    const begun = performance.now();
    await killWriteDisc(request, 600_000);
    longest = Math.max(longest, performance.now() - begun);
    whole.set(await contentOf(kind.output), 'new');
  }

  let kills = 0;
  for (let trial = 0; trial < count; trial++) {
    const kind = kinds[trial % kinds.length] ?? kinds[0];
    await rm(place, { recursive: true });
    await mkdir(place);
    if (kind.name !== 'new') await write({ ...old, ...('split' in kind.request ? { split: kind.request.split } : {}) });
    const told = await killWriteDisc(kind.request, randomInt(Math.ceil(longest)));
    if (told === undefined) kills++;
    await check(kind, told !== undefined);
    tell?.(trial + 1);
  }
  return { kills, whole: count - kills };

  async function check(kind: (typeof kinds)[number], ended: boolean): Promise<void> {
    const found = await contentOf(kind.output);
    const state = found === '' ? 'none' : (whole.get(found) ?? 'half');
    const allowed = ended ? ['new'] : allowedOf(kind.name);
    if (!allowed.includes(state)) throw new Error(`killed while ${kind.name}: the disc is ${state}`);
    const again = await write(kind.request);
    if (again.outcome === undefined) throw new Error(`the next run fails: ${JSON.stringify(again)}`);
    if (whole.get(await contentOf(kind.output)) !== 'new') throw new Error('the next run leaves another disc');
    const names = (await readdir(place)).sort();
    const expected = [kind.output, `${kind.output}.build.json`].map((path) => path.slice(place.length + 1));
    if (names.join() !== expected.join()) throw new Error(`the next run leaves ${names.join()}`);
  }
}

function write(request: SampleRequest) {
  return writeSample(request, { env: process.env, stop: new AbortController().signal });
}

/** While one directory takes the place of another there is none for a moment; the next run puts the old one back. */
function allowedOf(name: string): readonly string[] {
  if (name === 'new') return ['none', 'new'];
  return name === 'parts' ? ['none', 'old', 'new'] : ['old', 'new'];
}

/** Of a file, or of all files of a directory; empty for none. */
async function contentOf(path: string): Promise<string> {
  const sum = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  try {
    const names = path.endsWith('.parts') ? (await readdir(path)).sort().map((name) => join(path, name)) : [path];
    const sums = await Promise.all(names.map(async (name) => sum(await readFile(name))));
    return sums.join();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
