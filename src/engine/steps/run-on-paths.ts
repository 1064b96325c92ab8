import type { CommandResult, Host } from '../../hosts/host.ts';
import { runChecked } from '../run-checked.ts';

/** Runs a program on paths, however many they are, by `xargs`; what it says of them is its own affair. Without any it is not run. */
export async function runOnPaths(
  host: Host,
  words: readonly string[],
  paths: readonly string[],
): Promise<CommandResult> {
  return paths.length === 0 ? NONE : host.run(['xargs', '--null', ...words], { input: ended(paths) });
}

/** Removes files. Throws when one cannot be removed. */
export async function removeFiles(host: Host, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  await runChecked(
    host,
    ['xargs', '--null', 'rm', '--force', '--'],
    {
      message: 'What a power cut has left cannot be removed',
      hint: 'See to it that the file system can be written to, then run again.',
    },
    { input: ended(paths) },
  );
}

const NONE: CommandResult = { exitCode: 0, stdout: '', stderr: '' };

function ended(paths: readonly string[]): string {
  return paths.map((path) => `${path}\0`).join('');
}
