import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { CommandResult, Host } from '../../hosts/host.ts';
import { lastLines } from '../../hosts/last-lines.ts';
import { saltPaths } from '../../salt/paths.ts';
import { phaseState, SALT_ENVIRONMENT } from '../../salt/phases.ts';
import { readStateReturn, runningElsewhere, type StateOutcome } from '../../salt/read-state-return.ts';
import { isOurSalt, processesOf } from '../leftovers/processes.ts';
import type { StepContext, StepHandler, StepOf } from '../step-handler.ts';
import { waitUntil } from '../wait-until.ts';
import { endGpgAgents } from './end-gpg-agents.ts';
import { noteFiles } from './note-files.ts';
import { notePaths } from './note-paths.ts';
import { noteSystem } from './note-system.ts';
import { plannedCommand } from './planned-command.ts';
import { removeSaltDrafts } from './salt-drafts.ts';

/** Seconds that a run of Salt which a killed run of ours has left may take to its end. */
const DEADLINE = 1800;

/** Salt is not stopped, but carried to its end, as dnf may be at work in it. */
export const saltPhase: StepHandler<'salt-phase'> = async (step, context) => {
  const { host, contents } = context;
  await notePaths(
    step.directories.map(({ path }) => path),
    context,
  );
  await noteFiles(step.files, context);
  if (step.system !== null) await noteSystem(step.system, context);
  const { stdout, stderr } = await runSalt(step, context);
  if (step.system !== null) await endGpgAgents(host, step.system.packages.repository);
  const removed = await removeSaltDrafts(step.files, async (sha256) => contents[sha256], host);
  // Which of them it has placed, also where it failed.
  await noteFiles(step.files, context);
  const outcomes = readStateReturn(stdout, lastLines(stderr, 20));
  const failed = outcomes.filter(({ result }) => result === 'failed');
  if (failed.length > 0) throw failure(step, failed, stderr);
  return { changed: removed || outcomes.some(({ result }) => result === 'changed') };
};

async function runSalt(step: StepOf<'salt-phase'>, { host, report, stop }: StepContext): Promise<CommandResult> {
  let result: CommandResult | undefined;
  await waitUntil(
    {
      what: 'no other run of our Salt is under way on this host',
      where: host.name,
      hint: `See what it does: ${saltPaths.log}. When it has ended, run again.`,
      look: async () => {
        const other = await runningSalt(host);
        if (other !== undefined) return other;
        result = await host.run(plannedCommand(step.command), {
          env: SALT_ENVIRONMENT,
          // What it prints on the other output is one line for all states.
          onLine: (line, from) => from === 'stderr' && report.output(line),
        });
        return runningElsewhere(result.stdout);
      },
    },
    { deadlineSeconds: DEADLINE, stop, report, periodMs: 1000 },
  );
  if (result === undefined) throw new Error('waited for a run that did not take place');
  return result;
}

/** Salt itself sees another run only once that has begun with its states. */
async function runningSalt(host: Host): Promise<string | undefined> {
  const pids = (await processesOf(host)).filter(isOurSalt).map(({ pid }) => pid);
  return pids.length === 0 ? undefined : `process ${pids.join(', ')} is one`;
}

function failure({ phase }: StepOf<'salt-phase'>, failed: readonly StateOutcome[], stderr: string): MetalK8sError {
  const states = failed.map(({ id, function: name, comment }) => `${id} (${name}): ${lastLines(comment, 20)}`);
  const said = lastLines(stderr, 20);
  return new MetalK8sError(
    'STEP_FAILED',
    `Salt could not bring about the state ${failed[0]?.id ?? phaseState(phase)}`,
    {
      where: phaseState(phase),
      hint: `Mend what it says, then run again. All that Salt did is in ${saltPaths.log} on the host.`,
      cause: new Error([...states, ...(said === '' ? [] : [`Salt said: ${said}`])].join('\n')),
    },
  );
}
