import { filePossessions, POSSESSIONS_FILE } from '../engine/file-possessions.ts';
import { observeLeftovers } from '../engine/observe-leftovers.ts';
import type { Possessions } from '../engine/possessions.ts';
import type { DnfContext } from '../engine/run-dnf.ts';
import { LOGS_DIRECTORY, lastRun, listRuns, nextRunId, RUNS_DIRECTORY } from '../engine/run-folders.ts';
import { type HeldLock, RUN_LOCK, withRunLock } from '../engine/run-lock.ts';
import { type RunResult, runPlan } from '../engine/run-plan.ts';
import { haveMade } from '../engine/run-record.ts';
import { stepHandlers } from '../engine/step-handlers.ts';
import type { Emit } from '../events/event.ts';
import type { Host } from '../hosts/host.ts';
import type { Plan } from '../plan/plan.ts';
import { planText } from '../plan/plan-text.ts';
import { clusterTrees, RUNTIME_DIRECTORY } from '../plan/reset-paths.ts';
import { quietingPlan, resetPlan } from '../plan/reset-plan.ts';
import type { CommandContext, CommandDefinition } from './command.ts';
import { confirm, requireTerminal } from './confirm.ts';
import { setHostUmask } from './host-umask.ts';
import { progressOptions } from './open-listeners.ts';
import { prepareFormat, writeData } from './output.ts';
import { productVersion } from './product-version.ts';
import { refuseLogThatGoes } from './refuse-log-that-goes.ts';
import { requireRoot } from './require-root.ts';
import { type ResetReport, resetText } from './reset-report.ts';
import { resolveOptions } from './resolve-options.ts';
import { sameCommand } from './same-command.ts';
import { stopwatch } from './stopwatch.ts';
import { thisHost } from './this-host.ts';
import { withProgress } from './with-progress.ts';
import { write } from './write.ts';

const COMMAND = 'reset';
const options = ['output', 'dryRun', 'yes', ...progressOptions] as const;
/** What an administrator wrote. */
const KEPT = ['/etc/metalk8s/bootstrap.yaml', '/etc/metalk8s/trust'] as const;

export const reset: CommandDefinition = {
  description:
    'Undoes bootstrap on the host it runs on, however far that came: ends the cluster’s pods, and removes their data, the packages that were ' +
    'not there before, files, users, mounts, rules of the packet filter and kernel settings, etcd’s data and all secrets among them. Kept ' +
    `are ${KEPT.join(' and ')}. Asks for the name of the node first, unless --yes is given. Works without the cluster’s API, and again ` +
    'after it was stopped.',
  options,
  examples: [
    { command: 'metalk8s reset --dry-run', what: 'show what would be removed' },
    { command: 'metalk8s reset', what: 'ask, then remove it' },
    { command: 'metalk8s reset --yes --log-file /root/reset.log', what: 'do not ask, and keep a log' },
  ],
  async run(context, { flags }) {
    const chosen = resolveOptions(options, { flags, env: context.env });
    const { uid, host } = thisHost();
    requireRoot(uid, sameCommand(context));
    refuseLogThatGoes(chosen.logFile);
    if (!chosen.dryRun && !chosen.yes) requireTerminal(context);
    if (chosen.dryRun) {
      const { plan } = await look(host, context);
      await writeData<Plan>(context, { data: plan, format: chosen.output, text: planText });
      return 0;
    }
    setHostUmask();
    const owner = { pid: process.pid, command: `metalk8s ${COMMAND}`, since: context.now().toISOString() };
    return withRunLock(RUN_LOCK, owner, async (lock) => {
      const looked = await look(host, context);
      if (looked.plan.steps.length > 0 && !chosen.yes) await confirm(context, confirmationOf(host.name, looked));
      return carryOut({ context, host, chosen, lock }, looked);
    });
  },
};

interface Looked {
  readonly possessions: Possessions;
  readonly plan: Plan;
  /** What there is of a cluster that we did not make. */
  readonly foreign: readonly string[];
}

async function look(host: Host, { stop, stderr }: Pick<CommandContext, 'stop' | 'stderr'>): Promise<Looked> {
  const possessions = await filePossessions(POSSESSIONS_FILE);
  const runs = await listRuns(RUNS_DIRECTORY);
  const noted = possessions.list();
  const begun = haveMade(runs) || noted.length > 0;
  const report: DnfContext['report'] = {
    output: () => {},
    waiting: (what, seen) => void write(stderr, `${COMMAND}: ${host.name} waits until ${what}: ${seen}\n`),
  };
  const leftovers = await observeLeftovers(noted, { host, stop, report });
  const plan = resetPlan({ leftovers, possessions: noted, begun, version: productVersion });
  const trees: readonly string[] = clusterTrees;
  return {
    possessions,
    plan,
    foreign: begun ? [] : leftovers.paths.filter((path) => trees.includes(path)),
  };
}

interface Resetting {
  readonly context: CommandContext;
  readonly host: Host;
  readonly chosen: ReturnType<typeof resolveOptions<(typeof options)[number]>>;
  readonly lock: HeldLock;
}

async function carryOut(resetting: Resetting, looked: Looked): Promise<number> {
  const { context, host, chosen } = resetting;
  const elapsed = stopwatch();
  const run = { command: COMMAND, resume: sameCommand(context), options: chosen };
  // The program goes with what is removed: what is loaded when it is first needed has to be there before.
  await prepareFormat(chosen.output);
  const outcome = await withProgress(context, run, async (emit, stop) => {
    emit({ type: 'run-started', command: COMMAND, steps: [], hosts: [host.name] });
    if (looked.foreign.length > 0) {
      const message = `no run of metalk8s has made this, so it stays: ${looked.foreign.join(', ')}`;
      emit({ type: 'warning', message });
    }
    const telling = { emit, stop };
    const quieting = quietingPlan(looked.plan);
    const quieted = quieting === undefined ? undefined : await undo(quieting, looked, { ...resetting, ...telling });
    // What was at work until now may have left more.
    const { plan, ...rest } = quieted === undefined ? looked : await look(host, context);
    const undone = plan.steps.length === 0 ? undefined : await undo(plan, rest, { ...resetting, ...telling });
    if (undone === undefined) await host.files.remove(RUNTIME_DIRECTORY);
    const results = [quieted, undone].filter((result) => result !== undefined);
    return {
      run: results.at(-1)?.runId ?? null,
      changed: results.reduce((sum, { changed }) => sum + changed, 0),
      steps: (quieting?.steps.length ?? 0) + plan.steps.length,
    };
  });
  if (!outcome.ok) return outcome.exit;
  const kept = [];
  for (const path of KEPT) if ((await host.files.look(path)) !== undefined) kept.push(path);
  const seconds = elapsed() / 1000;
  const data: ResetReport = { node: host.name, ...outcome.value, seconds, kept };
  await writeData(context, { data, format: chosen.output, text: resetText });
  return 0;
}

async function undo(
  plan: Plan,
  { possessions }: Pick<Looked, 'possessions'>,
  { context, host, lock, emit, stop }: Resetting & { readonly emit: Emit; readonly stop: AbortSignal },
): Promise<RunResult> {
  const { now } = context;
  const last = await lastRun(RUNS_DIRECTORY);
  // Each looks anew at what there is to undo, so none is carried on with.
  const runId = nextRunId(last && { ...last, state: 'finished' }, COMMAND, now());
  await lock.nameRun(runId);
  const places = { runs: RUNS_DIRECTORY, logs: LOGS_DIRECTORY };
  const carrying = { runId, host, handlers: stepHandlers, possessions, ...places, emit, stop, now };
  return runPlan(plan, { ...carrying, inputs: null });
}

function confirmationOf(node: string, { foreign }: Looked) {
  const warning =
    foreign.length > 0
      ? [`This removes what metalk8s has on ${node}. The cluster there was not made by it, and stays.`]
      : [
          `This ends the cluster on ${node}, and removes all that is in it: etcd, secrets, certificates, volumes below /var/lib/kubelet.`,
          'None of it can be brought back without a backup.',
        ];
  return { warning: [...warning, 'See it beforehand: metalk8s reset --dry-run'], word: node };
}
