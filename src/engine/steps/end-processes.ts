import type { Host } from '../../hosts/host.ts';
import { isOurAgent, isOurDnf, isOurSalt, type Process, processesOf } from '../leftovers/processes.ts';
import type { StepHandler } from '../step-handler.ts';
import { waitUntil } from '../wait-until.ts';

/** Half a transaction of packages would be worse than one that nobody needs, so dnf is waited for. */
export const endProcesses: StepHandler<'end-processes'> = async ({ deadlineSeconds }, { host, stop, report }) => {
  const ended = await signalAll(host, 'TERM', (each) => isOurSalt(each) || isOurAgent(each));
  const looks = await waitUntil(
    {
      what: 'no process of an earlier run is at work',
      look: async () => {
        const [left] = (await processesOf(host)).filter(
          (each) => isOurSalt(each) || isOurDnf(each) || isOurAgent(each),
        );
        return left === undefined ? undefined : `process ${left.pid}: ${left.command.slice(0, 100)}`;
      },
      where: host.name,
      hint: 'End it by hand, then run again.',
    },
    { deadlineSeconds, stop, report },
  );
  return { changed: ended > 0 || looks > 1 };
};

/** Gives how many processes were told. One that has ended meanwhile does not matter. */
export async function signalAll(
  host: Host,
  signal: 'TERM' | 'KILL',
  isMeant: (each: Process) => boolean,
): Promise<number> {
  const pids = (await processesOf(host)).filter(isMeant).map(({ pid }) => String(pid));
  if (pids.length > 0) await host.run(['kill', `-${signal}`, ...pids]);
  return pids.length;
}
