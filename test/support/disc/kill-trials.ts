import { createHash, randomInt } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { killWriteDisc } from './run-write-disc.ts';
import { type SampleRequest, writeSample } from './write-sample.ts';

export interface KillTrials {
  /** How many are to be killed; those that were faster do not count. */
  readonly count: number;
  /** Told after each. */
  tell?(done: number): void;
}

/** What is under the name of a disc. */
type State = 'none' | 'old' | 'new' | 'half';

interface Kind {
  readonly name: string;
  readonly request: SampleRequest;
  /** What is there while the old disc is, or none, and what may be there when it was killed. */
  readonly before: 'none' | 'old';
  readonly allowed: readonly State[];
}

const SIZE = 1e7;
const MOST_ATTEMPTS = 10;

/**
 * Kills the writing of a disc at random moments: of a new one, of one that replaces another, of one in parts, of parts that replace others.
 * Throws when there is ever something under the name of the disc that is not a whole disc, or when the run after it does not complete and
 * clear up. Gives how often there was what.
 */
export async function killTrials(
  directory: string,
  { count, tell }: KillTrials,
): Promise<{ states: Map<State, number> }> {
  const place = join(directory, 'place');
  const kinds = kindsIn(directory, place);
  const known = new Map<string, State>([['', 'none']]);
  let longest = 0;
  for (const { request } of kinds) {
    for (const salt of ['old', ''] as const) {
      await emptied(place);
      const { milliseconds } = await killWriteDisc({ ...request, salt }, 600_000);
      longest = Math.max(longest, milliseconds);
      known.set(await contentOf(outputOf(request)), salt === 'old' ? 'old' : 'new');
    }
  }

  const states = new Map<State, number>();
  let kills = 0;
  for (let attempt = 0; kills < count; attempt++) {
    if (attempt > count * MOST_ATTEMPTS) throw new Error('the writing is too fast to be killed');
    const kind = kinds[kills % kinds.length];
    if (kind === undefined) break;
    await emptied(place);
    if (kind.before === 'old') await write({ ...kind.request, salt: 'old' });
    const { told, milliseconds } = await killWriteDisc(kind.request, randomInt(Math.ceil(longest)));
    if (told !== undefined) {
      longest = milliseconds;
      continue;
    }
    const state = known.get(await contentOf(outputOf(kind.request))) ?? 'half';
    if (!kind.allowed.includes(state)) throw new Error(`killed while ${kind.name}: the disc is ${state}`);
    await checkNext(kind, place, known);
    states.set(state, (states.get(state) ?? 0) + 1);
    kills++;
    tell?.(kills);
  }
  return { states };
}

function kindsIn(directory: string, place: string): Kind[] {
  const whole = { directory: join(directory, 'sources'), cache: join(directory, 'cache'), size: SIZE };
  const image = { ...whole, output: join(place, 'x.iso') };
  const parts = { ...image, split: 3_000_000 };
  return [
    { name: 'it was new', request: image, before: 'none', allowed: ['none', 'new'] },
    { name: 'it was replaced', request: { ...image, force: true }, before: 'old', allowed: ['old', 'new'] },
    { name: 'its parts were new', request: parts, before: 'none', allowed: ['none', 'new'] },
    // One directory cannot take the place of another at once: for a moment there is none, and the next run puts the old one back.
    {
      name: 'its parts were replaced',
      request: { ...parts, force: true },
      before: 'old',
      allowed: ['none', 'old', 'new'],
    },
  ];
}

/** The run after a killed one completes, and clears up. */
async function checkNext({ request }: Kind, place: string, known: ReadonlyMap<string, State>): Promise<void> {
  const again = await write(request);
  if (again.outcome === undefined) throw new Error(`the next run fails: ${JSON.stringify(again)}`);
  if (known.get(await contentOf(outputOf(request))) !== 'new') throw new Error('the next run leaves another disc');
  const names = (await readdir(place)).sort().join();
  const output = outputOf(request).slice(place.length + 1);
  if (names !== `${output},${output}.build.json`) throw new Error(`the next run leaves ${names}`);
}

function write(request: SampleRequest) {
  return writeSample(request, { env: process.env, stop: new AbortController().signal });
}

function outputOf({ output, split }: SampleRequest): string {
  return split === undefined ? output : `${output}.parts`;
}

async function emptied(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory);
}

/** The sum of a file, or of each file of a directory; empty for none. */
async function contentOf(path: string): Promise<string> {
  try {
    const names = path.endsWith('.parts') ? (await readdir(path)).sort().map((name) => join(path, name)) : [path];
    const sums = names.map(async (name) =>
      createHash('sha256')
        .update(await readFile(name))
        .digest('hex'),
    );
    return (await Promise.all(sums)).join();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
