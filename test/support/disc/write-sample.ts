import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DiscResult } from '../../../src/build/disc/write-disc.ts';
import { writeDisc } from '../../../src/build/disc/write-disc.ts';
import { isMetalK8sError } from '../../../src/errors/metalk8s-error.ts';
import { signerOf } from '../build/signer-of.ts';
import { type SampleOptions, sampleDisc } from './sample-disc.ts';

/** A sample disc, and how it is to be written. Plain data. */
export interface SampleRequest extends SampleOptions {
  readonly output: string;
  readonly cache: string;
  readonly force?: boolean;
  readonly split?: number;
  readonly volumeId?: string;
  /** Seconds since 1970. */
  readonly epoch?: number;
  /** When so many bytes are written, the rest of the file system is filled by somebody else. */
  readonly fillAt?: number;
  /** When so many bytes are written, this process gets a SIGINT. */
  readonly interruptAt?: number;
}

/** What came of it: a result, or an error. Plain data. */
export interface Told extends Partial<DiscResult> {
  readonly told?: readonly string[];
  readonly code?: string;
  readonly message?: string;
  readonly where?: string | undefined;
  readonly hint?: string | undefined;
}

interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stop: AbortSignal;
  /** When the sources are there. */
  begun?(): void;
}

const TWO_JANUARY_2026 = 1_767_312_000;

/** Writes a sample disc as a build does. */
export async function writeSample(request: SampleRequest, { env, stop, begun }: Surroundings): Promise<Told> {
  const { output, cache, force = false, volumeId = 'metalk8s-136.0.0', epoch = TWO_JANUARY_2026, key, split } = request;
  const told: string[] = [];
  try {
    const files = await sampleDisc(request);
    begun?.();
    const signer = key === undefined ? undefined : await signerOf(key, { epoch, env });
    const facts = { startedAt: new Date(), tools: { xorriso: '1.5.4' }, builder: '136.0.0' };
    const parts = split === undefined ? {} : { split };
    const result = await writeDisc(
      { files, volumeId, output, force, signer, facts, ...parts },
      { cache, concurrency: 2, epoch, stop, env },
      {
        progress: troubles(request),
        output: (line) => void told.push(line),
        retried() {},
        waiting() {},
        warning() {},
        unchanged: () => void told.push('unchanged'),
      },
    );
    return { ...result, told };
  } catch (error) {
    if (!isMetalK8sError(error)) return { message: error instanceof Error ? error.message : String(error) };
    const { code, message, where, hint } = error;
    return { code, message, where, hint };
  }
}

/** What others do while it is written, each once. */
function troubles({ fillAt = Infinity, interruptAt = Infinity, directory }: SampleRequest): (done: number) => void {
  let [toFill, toInterrupt] = [fillAt, interruptAt];
  return (done) => {
    if (done >= toFill) {
      toFill = Infinity;
      fillUp(join(directory, 'somebody else'));
    }
    if (done >= toInterrupt) {
      toInterrupt = Infinity;
      process.kill(process.pid, 'SIGINT');
    }
  };
}

function fillUp(path: string): void {
  const chunk = Buffer.alloc(65_536);
  try {
    for (;;) writeFileSync(path, chunk, { flag: 'a' });
  } catch {
    // Full.
  }
}
