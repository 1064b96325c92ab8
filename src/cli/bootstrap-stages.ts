import type { TakenArchive } from '../archive/take-archive.ts';
import type { EffectiveConfiguration } from '../config/configuration.types.ts';
import { discPaths } from '../disc/paths.ts';
import type { RunRecord } from '../engine/run-record.ts';
import { storedPlan } from '../engine/stored-plan.ts';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { Emit, StepSummary } from '../events/event.ts';
import { lookStep } from '../events/look-step.ts';
import type { ObservedHost } from '../facts/observed-host.ts';
import { gatheredFacts } from '../facts/to-gathered-facts.ts';
import { firstNodeRoles } from '../kubernetes/node-role.ts';
import { CALICO_MANIFEST } from '../kubernetes/objects/calico/calico-objects.ts';
import { bootstrapPlan } from '../plan/bootstrap-plan.ts';
import { newestFirst } from '../plan/node-archives.ts';
import type { Plan } from '../plan/plan.ts';
import { refuseFindings } from '../preflight/refuse-findings.ts';
import { type PreflightReport, preflightReport } from '../preflight/report.ts';
import { nodeTemplates } from '../product/node-templates.ts';
import { registryTemplates } from '../product/registry-templates.ts';
import { saltTemplates } from '../product/salt-templates.ts';
import type { BootstrapSite } from './bootstrap-site.ts';
import { isOurs, judgeHost } from './judge-host.ts';
import { productVersion } from './product-version.ts';
import { refuseMovedArchives } from './refuse-moved-archives.ts';
import { refuseOtherConfiguration } from './refuse-other-configuration.ts';
import { archiveSteps, installedArchive } from './take-archives.ts';

/** What the user asks for. */
export interface BootstrapRequest {
  readonly configuration: EffectiveConfiguration;
  /** The file that it comes from. */
  readonly file: string;
  /** What its user should know, as lines. */
  readonly warnings: readonly string[];
  /** Files of public keys; undefined: those of the host's own folder. */
  readonly trusted: readonly string[] | undefined;
  /** Names of checks that only warn. */
  readonly ignored: ReadonlySet<string>;
  /** Where the disc is mounted that the program was started from; undefined: it came from no disc. */
  readonly origin: string | undefined;
}

export interface Prepared {
  readonly plan: Plan;
  /** What of it the user can change, see `storedPlan`. */
  readonly inputs: BootstrapInputs;
}

/** What makes a plan another one when the user changes it. Where archives lie is another matter, see `refuseMovedArchives`. */
interface BootstrapInputs {
  readonly version: string;
  readonly configuration: Omit<EffectiveConfiguration, 'archives'>;
  readonly archives: readonly { readonly version: string; readonly sumsSha256: string }[];
}

export interface Surroundings {
  readonly site: BootstrapSite;
  readonly last: RunRecord | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly emit: Emit;
  readonly stop: AbortSignal;
  readonly now: () => Date;
  /** Told what was found, also when that stops the run. */
  readonly judged: (report: PreflightReport) => void;
}

const look: StepSummary = { id: 'preflight/host', title: 'Look at the host' };

/** The steps of `bootstrapStages`. */
export function bootstrapSteps({ archives }: EffectiveConfiguration): readonly StepSummary[] {
  return [...archiveSteps(archives), look];
}

/**
 * Everything before the plan is carried out: verifies the archives before anything of them is used, sees whether there is a run to carry on with,
 * looks at the host, judges it and plans. Changes nothing. Throws what each of these throws.
 */
export async function bootstrapStages(request: BootstrapRequest, surroundings: Surroundings): Promise<Prepared> {
  const { site, last, env, emit, stop, now } = surroundings;
  const { configuration, file, origin } = request;
  for (const message of request.warnings) emit({ type: 'warning', message });
  const archives = await site.take(configuration.archives, {
    trusted: request.trusted,
    trustDirectory: site.paths.trust,
    wanted: [CALICO],
    origin,
    now: now(),
    emit,
    stop,
  });
  const archive = await installedArchive(archives, { version: productVersion, origin, configuration: file });
  const inputs = inputsOf(configuration, archives);
  const stored = await storedPlan(site.paths.runs, last, { command: 'bootstrap', inputs });
  const { files } = site.host;
  if (stored !== undefined) {
    await refuseMovedArchives(stored, archives, { files, where: file });
    await refuseOtherConfiguration(configuration, { files, file, stop });
  }
  const { observed, findings } = await lookStep(look, { emit, stop }, () =>
    judgeHost({
      host: site.host,
      observe: site.observe,
      roles: firstNodeRoles,
      configuration,
      archives,
      installed: archive.description,
      ours: isOurs(last),
      ignored: request.ignored,
      env,
      stop,
    }),
  );
  surroundings.judged(preflightReport([observed.hostname], findings));
  refuseFindings(findings);
  const plan = stored ?? (await planOf({ configuration, archives, archive, observed }));
  return { plan, inputs };
}

/** The file of Calico's upstream on the disc. */
const CALICO = `${discPaths.upstream}/${CALICO_MANIFEST}`;

function inputsOf(configuration: EffectiveConfiguration, archives: readonly TakenArchive[]): BootstrapInputs {
  const { archives: _, ...rest } = configuration;
  return {
    version: productVersion,
    configuration: rest,
    archives: newestFirst(archives).map(({ description, sumsSha256 }) => ({
      version: description.version,
      sumsSha256,
    })),
  };
}

interface Planning {
  readonly configuration: EffectiveConfiguration;
  readonly archives: readonly TakenArchive[];
  readonly archive: TakenArchive;
  readonly observed: ObservedHost;
}

async function planOf({ configuration, archives, archive, observed }: Planning): Promise<Plan> {
  const [node, registry, salt] = await Promise.all([nodeTemplates(), registryTemplates(), saltTemplates()]);
  return bootstrapPlan({
    configuration,
    version: productVersion,
    archives,
    facts: gatheredFacts(observed),
    templates: { node, registry, salt },
    calicoManifest: calicoOf(configuration, archive),
  });
}

function calicoOf({ networks }: EffectiveConfiguration, { texts, description, path }: TakenArchive): string {
  const text = texts[CALICO];
  if (text !== undefined || networks.cni === 'none') return text ?? '';
  throw new MetalK8sError('RELEASE_INVALID', `The archive ${description.version} has no Calico`, {
    where: `${path}: ${CALICO}`,
    hint: 'Take an archive with the component calico, or bring your own network plugin: networks.cni: none.',
  });
}
