import { describeArchive } from '../archive/describe-archive.ts';
import { loadConfiguration } from '../config/load.ts';
import { formatFinding } from '../documents/finding.ts';
import { lastRun } from '../engine/run-folders.ts';
import { errorCodes } from '../errors/error-codes.ts';
import type { Emit, StepSummary } from '../events/event.ts';
import { lookStep } from '../events/look-step.ts';
import { firstNodeRoles } from '../kubernetes/node-role.ts';
import { ignoredChecks } from '../preflight/ignored-checks.ts';
import { type PreflightReport, preflightReport, preflightText } from '../preflight/report.ts';
import type { CommandContext, CommandDefinition } from './command.ts';
import { isOurs, judgeHost } from './judge-host.ts';
import { progressOptions } from './open-listeners.ts';
import type { CommandOptions } from './option.ts';
import { writeData } from './output.ts';
import { productVersion } from './product-version.ts';
import { resolveOptions, resolveOwnOptions } from './resolve-options.ts';
import { sameCommand } from './same-command.ts';
import { installedArchive } from './take-archives.ts';
import { type LookedAtHost, thisHost } from './this-host.ts';
import { trustedKey } from './trusted-key.ts';
import { withProgress } from './with-progress.ts';

const options = ['config', 'output', 'ignorePreflightErrors', ...progressOptions] as const;

const ownOptions = {
  trustedKey,
  withoutArchives: {
    type: 'switch',
    flags: '--without-archives',
    help: 'judge the host alone, before archives are at hand: nothing is said about packages and room',
    default: false,
  },
} as const satisfies CommandOptions;

export const preflight = preflightAt(thisHost);

const steps = {
  archives: { id: 'preflight/archives', title: 'Read what the archives are' },
  host: { id: 'preflight/host', title: 'Look at the host' },
} as const satisfies Readonly<Record<string, StepSummary>>;

/** The command for a host: the one that the program runs on, or a stand-in. */
export function preflightAt(hostOf: () => LookedAtHost): CommandDefinition {
  return {
    description:
      'Tells whether this host is fit to be the first node, with everything that bootstrap would stop for, why, and how to mend it. Changes ' +
      `nothing. Ends with exit status ${errorCodes.PREFLIGHT_FAILED.exit} when there is an error that is not ignored; warnings are no errors. ` +
      'Of an archive it takes only what its signature covers and does not read the rest: `metalk8s verify` does.',
    options,
    ownOptions,
    examples: [
      { command: 'metalk8s preflight', what: 'judge this host by the usual configuration' },
      { command: 'metalk8s preflight -o json', what: 'findings for programs' },
      { command: 'metalk8s preflight --without-archives', what: 'before the ISO has arrived' },
    ],
    async run(context, { flags }) {
      const common = resolveOptions(options, { flags, env: context.env });
      const own = resolveOwnOptions(ownOptions, { flags, env: context.env });
      const request = {
        file: common.config,
        ignored: ignoredChecks(common.ignorePreflightErrors),
        trusted: own.trustedKey,
        withoutArchives: own.withoutArchives,
      };
      const run = { command: 'preflight', resume: sameCommand(context), options: common };
      const outcome = await withProgress(context, run, (emit, stop) => {
        emit({ type: 'run-started', command: 'preflight', steps: Object.values(steps) });
        return judge(hostOf(), request, { context, emit, stop });
      });
      if (!outcome.ok) return outcome.exit;
      await writeData(context, { data: outcome.value, format: common.output, text: preflightText });
      return outcome.value.passed ? 0 : errorCodes.PREFLIGHT_FAILED.exit;
    },
  };
}

interface Request {
  readonly file: string;
  readonly ignored: ReadonlySet<string>;
  readonly trusted: readonly string[] | undefined;
  readonly withoutArchives: boolean;
}

interface Surroundings {
  readonly context: CommandContext;
  readonly emit: Emit;
  readonly stop: AbortSignal;
}

async function judge(
  at: LookedAtHost,
  request: Request,
  { context, emit, stop }: Surroundings,
): Promise<PreflightReport> {
  const { configuration, warnings } = await loadConfiguration(request.file);
  for (const finding of warnings) emit({ type: 'warning', message: formatFinding(finding, request.file) });
  const origin = context.env.METALK8S_ARCHIVE || undefined;
  const trust = { trusted: request.trusted, trustDirectory: at.paths.trust, origin };
  const archives = await lookStep(steps.archives, { emit, stop }, () =>
    Promise.all(
      (request.withoutArchives ? [] : configuration.archives).map((path) =>
        describeArchive(path, { ...trust, now: context.now() }),
      ),
    ),
  );
  const installed = request.withoutArchives
    ? undefined
    : await installedArchive(archives, { version: productVersion, origin, configuration: request.file });
  const { observed, findings } = await lookStep(steps.host, { emit, stop }, async () =>
    judgeHost({
      host: at.host,
      observe: at.observe,
      roles: firstNodeRoles,
      configuration,
      archives,
      installed: installed?.description,
      ours: isOurs(at.uid === 0 ? await lastRun(at.paths.runs) : undefined),
      ignored: request.ignored,
      env: context.env,
      stop,
    }),
  );
  return preflightReport([observed.hostname], findings);
}
