import type { Emit } from '../events/event.ts';
import { runStep } from '../events/run-step.ts';
import type { RegistryTemplates } from '../registry/nginx-configuration.ts';
import { refuseDifferences } from '../release/lock-differences.ts';
import type { BuildContext } from './build-context.ts';
import type { BuildRequest } from './build-request.ts';
import { buildSteps, stepList } from './build-steps.ts';
import { lockOf } from './describe-archive.ts';
import { describeContents } from './describe-contents.ts';
import { examineOutput } from './disc/examine-output.ts';
import { type DiscResult, writeDisc } from './disc/write-disc.ts';
import { type FetchMeans, fetchRelease } from './fetch-release.ts';
import { gatherContents } from './gather-contents.ts';
import { catalogueOf } from './images/layout-files.ts';
import { openStation } from './open-station.ts';
import { proveRelease } from './prove-release.ts';
import { type BuildInputs, readInputs } from './read-inputs.ts';
import { writeLock } from './write-lock.ts';

/** What a build works with. */
export interface BuildMeans {
  /** Absolute path. */
  readonly cache: string;
  readonly concurrency: number;
  readonly env: BuildContext['env'];
  readonly emit: Emit;
  readonly stop: AbortSignal;
  readonly now: () => Date;
  readonly templates: RegistryTemplates;
  /** Version of the program that builds. */
  readonly builder: string;
}

/** The disc that a build came to. */
export interface BuiltIso extends DiscResult {
  readonly version: string;
  readonly kubernetes: string;
  readonly components: readonly string[];
  /** Fingerprint; null for an unsigned disc. */
  readonly signingKey: string | null;
  readonly images: number;
  readonly packages: number;
  readonly files: number;
  /** Left out when no lock was written. */
  readonly lockFile?: string;
}

/**
 * Makes one ISO from a release list: fetches what it names, proves that it suffices, and writes the disc. All of it or nothing; what was
 * fetched stays in the cache, so that the same command goes on where it was stopped.
 */
export async function buildIso(request: BuildRequest, means: BuildMeans): Promise<BuiltIso> {
  const { emit, stop, now, templates } = means;
  const startedAt = now();
  const inputs = await readInputs(request);
  const { release, plan } = inputs;
  await examineOutput(request.output, { inParts: request.split !== undefined });
  const { env, signer, tools, epoch } = await openStation(request, release.date, means);
  const context: BuildContext = { cache: means.cache, concurrency: means.concurrency, epoch, stop, env };
  const steps = buildSteps(plan);
  emit({ type: 'run-started', command: 'build-iso', steps: stepList(steps) });
  for (const message of [...inputs.warnings, ...advice(request, inputs)]) emit({ type: 'warning', message });

  const fetching: FetchMeans = { context, steps, tell: { emit, now }, signer };
  const fetched = await fetchRelease(plan, fetching);
  const lock = lockOf(release, fetched);
  if (inputs.lock !== undefined) refuseDifferences(inputs.lock, lock, { partial: inputs.partial });

  const tell = { emit, stop, now };
  const catalogue = catalogueOf(fetched.images);
  const { files, layout, node } = await runStep(steps.gather, tell, (report) => {
    report.unchanged();
    return gatherContents({ release, fetched, catalogue, templates, signer, cache: context.cache });
  });
  const needs = await proveRelease({ release, lock, catalogue, fetched, files, layout, templates }, fetching);
  if (request.updateLock) await writeLock(inputs.lockFile, lock);

  const { platforms } = fetched;
  const signingKey = signer?.fingerprint;
  const { builder } = means;
  const described = { release, lock, catalogue, needs, platforms, epoch, signingKey, node, files, builder, tools };
  const description = await describeContents(described);
  const result = await runStep(steps.write, tell, (report) => {
    const { output, force, split } = request;
    const disc = { files: [...files, ...description], volumeId: `metalk8s-${release.version}`, output, force, signer };
    const facts = { startedAt, tools, builder };
    return writeDisc({ ...disc, facts, ...(split === undefined ? {} : { split }) }, context, report);
  });
  return {
    ...result,
    version: release.version,
    kubernetes: release.kubernetes,
    components: plan.components,
    signingKey: signingKey ?? null,
    images: lock.images.length,
    packages: lock.packages.length,
    files: lock.files.length,
    ...(request.updateLock && { lockFile: inputs.lockFile }),
  };
}

/** What a careful user would want to know before the work begins. */
function advice({ signingKey, updateLock }: BuildRequest, { lock, lockFile }: BuildInputs): string[] {
  const unsigned =
    'This disc will not be signed: nobody can tell it from one that somebody else made, `metalk8s verify` refuses it, and no host installs ' +
    'from it. Name a key with --signing-key for a disc that is to be used.';
  const unlocked = `There is no lock (${lockFile}): whatever upstream serves today is taken. --update-lock pins it for the builds to come.`;
  return [...(signingKey === undefined ? [unsigned] : []), ...(lock === undefined && !updateLock ? [unlocked] : [])];
}
