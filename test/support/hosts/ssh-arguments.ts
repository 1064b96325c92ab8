import { commandLine } from './shell-words.ts';
import type { Login } from './types.ts';

/** Arguments of OpenSSH's client that log in to a host and run a command there, or a shell. */
export function sshArguments(
  { user, address, privateKeyFile, knownHostsFile }: Login,
  command: readonly string[],
): string[] {
  const options = [
    `UserKnownHostsFile=${knownHostsFile}`,
    'StrictHostKeyChecking=yes',
    'IdentitiesOnly=yes',
    'LogLevel=ERROR',
  ];
  const [program, ...rest] = command;
  // One argument is a command line of the user's own, as with ssh itself.
  const line = program === undefined ? [] : [rest.length === 0 ? program : commandLine([program, ...rest])];
  return [
    '-F',
    'none',
    '-i',
    privateKeyFile,
    ...options.flatMap((option) => ['-o', option]),
    `${user}@${address}`,
    ...line,
  ];
}
