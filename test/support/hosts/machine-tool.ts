import { execa, type Options } from 'execa';

const PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'].join(':');

/** Environment for programs of the machine: nothing of ours but the way to programs, so that nothing depends on who calls. */
export const PLAIN_ENVIRONMENT = { PATH, LC_ALL: 'C.UTF-8', HOME: '/root' } as const;

/** Runs a program of the machine and returns its standard output. Throws with the command and its standard error. */
export async function machineTool(
  command: readonly [string, ...string[]],
  options: Pick<Options, 'input' | 'cwd'> = {},
): Promise<string> {
  const [program, ...args] = command;
  const environment = { ...process.env, ...PLAIN_ENVIRONMENT };
  const result = await execa(program, args, { ...options, env: environment, extendEnv: false, encoding: 'utf8' });
  return result.stdout as string;
}

/** Like machineTool, for what may have gone already: true when the program ended well. */
export async function machineToolSucceeds(command: readonly [string, ...string[]]): Promise<boolean> {
  const [program, ...args] = command;
  const environment = { ...process.env, ...PLAIN_ENVIRONMENT };
  const result = await execa(program, args, { env: environment, extendEnv: false, reject: false });
  if (result.exitCode === undefined) throw new Error(`cannot run ${program}: ${result.shortMessage}`);
  return result.exitCode === 0;
}
