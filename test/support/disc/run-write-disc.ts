import { join } from 'node:path';
import { execa } from 'execa';
import type { SampleRequest, Told } from './write-sample.ts';

export const WRITE_DISC = join(import.meta.dirname, '../../integration/fixtures/write-disc.ts');

interface Surroundings {
  /** Program and arguments that start the other. */
  readonly under?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Runs the program to its end. */
export async function runWriteDisc(request: SampleRequest, surroundings: Surroundings = {}): Promise<Told> {
  const { under = [], env = {}, cwd } = surroundings;
  const [program = '', ...words] = [...under, process.execPath, WRITE_DISC, JSON.stringify(request)];
  const { stdout, stderr } = await execa(program, words, {
    env,
    reject: false,
    stdin: 'ignore',
    ...(cwd === undefined ? {} : { cwd }),
  });
  try {
    return JSON.parse(stdout) as Told;
  } catch {
    throw new Error(`the program told nothing: ${stdout}${stderr}`);
  }
}

/**
 * Starts the program, and kills it so many milliseconds after it has begun. Gives what it told if it was faster, and how long it took from
 * then on.
 */
export async function killWriteDisc(
  request: SampleRequest,
  milliseconds: number,
): Promise<{ readonly told: Told | undefined; readonly milliseconds: number }> {
  const child = execa(process.execPath, [WRITE_DISC, JSON.stringify(request)], { reject: false, stdin: 'ignore' });
  await new Promise((resolve) => child.stderr.once('data', resolve));
  const begun = performance.now();
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
  const { stdout, signal, exitCode, stderr } = await child;
  clearTimeout(timer);
  const taken = performance.now() - begun;
  if (signal === 'SIGKILL') return { told: undefined, milliseconds: taken };
  if (exitCode !== 0) throw new Error(`it failed: ${stdout}${stderr}`);
  return { told: JSON.parse(stdout) as Told, milliseconds: taken };
}
