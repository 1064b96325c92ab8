import { join } from 'node:path';
import { execa } from 'execa';
import type { Program } from './component.ts';

/** What a program prints, on either stream, when it is asked for its version; undefined when it cannot be asked. */
export async function programVersion(directory: string, program: Program): Promise<string | undefined> {
  if (!program.versionArguments) return undefined;
  const result = await execa(join(directory, program.file), program.versionArguments, {
    all: true,
    // CNI plugins tell their version and fail.
    reject: false,
    stdin: 'ignore',
    timeout: 20_000,
  });
  return result.all ?? '';
}
