import type { DiscFile } from '../disc/disc-file.ts';
import { runStep } from '../events/run-step.ts';
import type { Catalogue } from '../registry/catalogue.ts';
import type { RegistryTemplates } from '../registry/nginx-configuration.ts';
import type { Lock } from '../release/lock.ts';
import type { ImageNeeds } from '../release/missing-images.ts';
import type { Release } from '../release/release.ts';
import type { FetchedRelease, FetchMeans } from './fetch-release.ts';
import { provePackages } from './packages/prove-packages.ts';
import { proveImages } from './proofs/prove-images.ts';
import { proveRegistry } from './proofs/prove-registry.ts';
import { together } from './together.ts';

/** What is to be proven complete. */
export interface ProvenRelease {
  readonly release: Release;
  readonly lock: Lock;
  readonly catalogue: Catalogue;
  readonly fetched: FetchedRelease;
  /** The contents of the disc. */
  readonly files: readonly DiscFile[];
  /** The image layout among them. */
  readonly layout: readonly DiscFile[];
  readonly templates: RegistryTemplates;
}

/**
 * Proves that the disc is going to suffice: every image that a manifest names is on it, its registry answers for all of them, and each
 * role's packages install from it alone. Gives back what needs which image. Throws what names the thing that is missing, and who needs it.
 */
export async function proveRelease(proven: ProvenRelease, means: FetchMeans): Promise<ImageNeeds> {
  const { context, steps, tell } = means;
  const needs = await runStep(steps.named, { ...tell, stop: context.stop }, (report) => {
    report.unchanged();
    return proveImages(proven, context);
  });
  await together(context.stop, [
    (stop) =>
      runStep(steps.registry, { ...tell, stop }, (report) => {
        const { release, catalogue, layout, templates } = proven;
        const proof = { version: release.version, catalogue, layout, templates };
        return proveRegistry(proof, { ...context, stop }, report);
      }),
    (stop) => proveInstallations(proven, stop, means),
  ]);
  return needs;
}

async function proveInstallations(
  { fetched }: ProvenRelease,
  stop: AbortSignal,
  { context, steps, tell, signer }: FetchMeans,
): Promise<void> {
  for (const { resolved, repository } of fetched.platforms) {
    const step = steps.installs.get(resolved.platform.name);
    if (step === undefined) continue;
    const proof = { resolved, repository, ...(signer === undefined ? {} : { signer }) };
    await runStep(step, { ...tell, stop }, (report) => provePackages(proof, { ...context, stop }, report));
  }
}
