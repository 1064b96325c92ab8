import type { SshSession } from './ssh-session.ts';
import type { Fault } from './types.ts';

const PRELOAD = '/etc/ld.so.preload';
const SETTINGS = '/etc/faketimerc';

/** See HostFaults.shiftClock: libfaketime, loaded into every program that the dynamic loader starts. */
export async function clockFault({ run }: Pick<SshSession, 'run'>, seconds: number): Promise<Fault> {
  if (!Number.isInteger(seconds)) throw new Error(`a clock is shifted by whole seconds, not by ${seconds}`);
  const offset = `${seconds < 0 ? '' : '+'}${seconds}`;
  const library = '$(ls /usr/lib/*/faketime/libfaketime.so.1)';
  await run({ script: `echo '${offset}' >${SETTINGS}; echo "${library}" >${PRELOAD}` });
  return { undo: async () => void (await run(['rm', '-f', PRELOAD, SETTINGS])) };
}
