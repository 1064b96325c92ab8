import { loadConfiguration } from '../config/load.ts';
import { formatFinding } from '../documents/finding.ts';
import { clusterLease } from '../engine/cluster-lease.ts';
import { filePossessions } from '../engine/file-possessions.ts';
import { flushDisks } from '../engine/flush-disks.ts';
import { noteBefore } from '../engine/note-before.ts';
import { lastRun, logPath, nextRunId } from '../engine/run-folders.ts';
import { withRunLock } from '../engine/run-lock.ts';
import { runPlan } from '../engine/run-plan.ts';
import type { RunRecord } from '../engine/run-record.ts';
import type { StepHandlers } from '../engine/step-handler.ts';
import { stepHandlers } from '../engine/step-handlers.ts';
import { clean } from '../errors/clean.ts';
import { errorCodes } from '../errors/error-codes.ts';
import type { Emit } from '../events/event.ts';
import { ADMIN_KUBECONFIG } from '../kubernetes/pki/kubeconfig-specifications.ts';
import type { Plan } from '../plan/plan.ts';
import { planText } from '../plan/plan-text.ts';
import { ignoredChecks } from '../preflight/ignored-checks.ts';
import { type PreflightReport, preflightText } from '../preflight/report.ts';
import { bootstrapCommonOptions, bootstrapOptions } from './bootstrap-options.ts';
import { bootstrapReport, bootstrapText } from './bootstrap-report.ts';
import { type BootstrapSite, thisSite } from './bootstrap-site.ts';
import {
  type BootstrapRequest,
  bootstrapStages,
  bootstrapSteps,
  type Prepared,
  type Surroundings,
} from './bootstrap-stages.ts';
import type { CommandContext, CommandDefinition } from './command.ts';
import { setHostUmask } from './host-umask.ts';
import { writeData } from './output.ts';
import { requireRoot } from './require-root.ts';
import { resolveOptions, resolveOwnOptions } from './resolve-options.ts';
import { sameCommand } from './same-command.ts';
import { stopwatch } from './stopwatch.ts';
import { withProgress } from './with-progress.ts';
import { write } from './write.ts';

const COMMAND = 'bootstrap';

export const bootstrap = bootstrapAt(thisSite, stepHandlers);

/** The command for a site: the host that the program runs on, or a stand-in. */
export function bootstrapAt(siteOf: () => BootstrapSite, handlers: StepHandlers): CommandDefinition {
  return {
    description:
      'Makes the first node of a cluster of the host it runs on, from archives alone. Verifies them, looks at the host, and changes nothing ' +
      `before both are found fit (else exit status ${errorCodes.VERIFICATION_FAILED.exit} or ${errorCodes.PREFLIGHT_FAILED.exit}). Stopped at ` +
      'any time, even by a power cut, the same command goes on where it was. On a host that is done it changes nothing; with another ' +
      `configuration it ends with exit status ${errorCodes.DIFFERS.exit} and tells what differs.`,
    options: bootstrapCommonOptions,
    ownOptions: bootstrapOptions,
    examples: [
      { command: 'sh /mnt/metalk8s bootstrap', what: 'from the disc that is mounted there' },
      { command: 'sh /mnt/metalk8s bootstrap --dry-run', what: 'show every step, and change nothing' },
      { command: 'sh /mnt/metalk8s bootstrap -c site.yaml', what: 'with a configuration elsewhere' },
    ],
    async run(context, { flags }) {
      const site = siteOf();
      const options = resolveOptions(bootstrapCommonOptions, { flags, env: context.env });
      const { trustedKey: trusted } = resolveOwnOptions(bootstrapOptions, { flags, env: context.env });
      const ignored = ignoredChecks(options.ignorePreflightErrors);
      const { configuration, warnings } = await loadConfiguration(options.config);
      const request: BootstrapRequest = {
        configuration,
        file: options.config,
        warnings: warnings.map((finding) => formatFinding(finding, options.config)),
        trusted,
        ignored,
        origin: context.env.METALK8S_ARCHIVE || undefined,
      };
      const bootstrapping: Bootstrapping = { context, site, handlers, request, options };
      if (options.dryRun) return showPlan(bootstrapping);
      requireRoot(site.uid, sameCommand(context));
      setHostUmask();
      const owner = { pid: process.pid, command: `metalk8s ${COMMAND}`, since: context.now().toISOString() };
      return withRunLock(site.paths.lock, owner, async (lock) => {
        const last = await lastRun(site.paths.runs);
        const id = nextRunId(last, COMMAND, context.now());
        await lock.nameRun(id);
        return carryOut(bootstrapping, { last, id });
      });
    },
  };
}

interface Bootstrapping {
  readonly context: CommandContext;
  readonly site: BootstrapSite;
  readonly handlers: StepHandlers;
  readonly request: BootstrapRequest;
  readonly options: ReturnType<typeof resolveOptions<(typeof bootstrapCommonOptions)[number]>>;
}

async function showPlan(bootstrapping: Bootstrapping): Promise<number> {
  const { context, site, options } = bootstrapping;
  const last = await lastRun(site.paths.runs);
  const run = { command: COMMAND, resume: sameCommand(context), options };
  const findings = findingsOf(bootstrapping);
  const outcome = await withProgress(context, run, async (emit, stop) => {
    const { plan } = await prepare(bootstrapping, { last, emit, stop, judged: findings.judged(emit) });
    return plan;
  });
  if (!outcome.ok) return findings.refuse(outcome.exit);
  await writeData<Plan>(context, { data: outcome.value, format: options.output, text: planText });
  return 0;
}

async function carryOut(
  bootstrapping: Bootstrapping,
  { last, id }: { readonly last: RunRecord | undefined; readonly id: string },
): Promise<number> {
  const { context, site, handlers, options } = bootstrapping;
  const { host, paths } = site;
  const { now } = context;
  const log = options.logFile ?? logPath(paths.logs, id);
  const run = { command: COMMAND, resume: sameCommand(context), options, logOfPlan: log };
  const elapsed = stopwatch();
  const findings = findingsOf(bootstrapping);
  const outcome = await withProgress(context, run, async (emit, stop) => {
    const { plan, inputs } = await prepare(bootstrapping, { last, emit, stop, judged: findings.judged(emit) });
    const possessions = await filePossessions(paths.possessions);
    const lease = clusterLease({ files: host.files, kubeconfig: ADMIN_KUBECONFIG, host: host.name, runId: id, now });
    const result = await runPlan(plan, {
      runId: id,
      host,
      handlers,
      possessions,
      runs: paths.runs,
      logs: paths.logs,
      inputs,
      prepare: () => noteBefore(plan, { host, possessions }),
      finish: () => flushDisks(host),
      lease,
      emit,
      stop,
      now,
    });
    return { plan, result };
  });
  if (!outcome.ok) return findings.refuse(outcome.exit);
  const { plan, result } = outcome.value;
  const seconds = elapsed() / 1000;
  const report = bootstrapReport(plan, { ...result, log, seconds });
  await writeData(context, { data: report, format: options.output, text: bootstrapText });
  return 0;
}

/** Everything before the plan is carried out. Changes nothing. */
async function prepare(
  { context, site, request }: Bootstrapping,
  preparing: Pick<Surroundings, 'last' | 'emit' | 'stop' | 'judged'>,
): Promise<Prepared> {
  const steps = bootstrapSteps(request.configuration);
  preparing.emit({ type: 'run-started', command: COMMAND, steps, hosts: [site.host.name] });
  return bootstrapStages(request, { ...preparing, site, env: context.env, now: context.now });
}

/** What preflight found: warnings are told under way, and what stopped the run is reported when it has ended. */
function findingsOf({ context, options }: Bootstrapping) {
  let refused: PreflightReport | undefined;
  return {
    judged: (emit: Emit) => (report: PreflightReport) => {
      if (!report.passed) {
        refused = report;
        return;
      }
      for (const { host, check, found } of report.hosts.flatMap(({ findings }) => findings)) {
        emit({ type: 'warning', host, message: `${check}: ${found}` });
      }
    },
    async refuse(exit: number): Promise<number> {
      if (refused === undefined) return exit;
      if (options.output !== 'text')
        await writeData(context, { data: refused, format: options.output, text: preflightText });
      else if (options.logFormat === 'text')
        await write(context.stderr, `\n${preflightText(clean(refused, context.secrets))}`);
      return exit;
    },
  };
}
