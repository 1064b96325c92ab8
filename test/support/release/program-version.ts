import { join } from 'node:path';
import { execa } from 'execa';
import type { Program } from './component.ts';

/** What a program prints, on either stream, when it is asked for its version. Its exit code is not looked at: some CNI plugins fail. */
export async function programVersion(directory: string, program: Program): Promise<string> {
  const result = await execa(join(directory, program.file), program.versionArguments, {
    all: true,
    reject: false,
    stdin: 'ignore',
    timeout: 20_000,
  });
  return result.all ?? '';
}
