import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { runStep, type Steps } from '../events/run-step.ts';
import type { BuildPlan, PlannedPlatform } from '../release/build-plan.ts';
import type { BuildContext } from './build-context.ts';
import type { BuildSteps } from './build-steps.ts';
import { type FetchedFiles, fetchFiles } from './files/fetch-files.ts';
import { type FetchedImages, fetchImages } from './images/fetch-images.ts';
import { type DiscRepository, makeRepository } from './packages/make-repository.ts';
import { resolvePackages } from './packages/resolve-packages.ts';
import type { ResolvedPlatform } from './packages/resolved-platform.ts';
import type { Signer } from './signer.ts';
import { together } from './together.ts';

/** Everything that came from elsewhere, all of it in the cache. */
export interface FetchedRelease {
  readonly images: FetchedImages;
  readonly files: FetchedFiles;
  /** In the order of the plan. */
  readonly platforms: readonly FetchedPlatform[];
}

export interface FetchedPlatform {
  readonly resolved: ResolvedPlatform;
  readonly repository: DiscRepository;
}

export interface FetchMeans {
  readonly context: BuildContext;
  readonly steps: BuildSteps;
  readonly tell: Omit<Steps, 'stop'>;
  readonly signer: Signer | undefined;
}

/**
 * Fetches images, upstream files and packages side by side; the platforms' packages one after another, as they share repositories. When one
 * fails, the others stop: what they have finished stays in the cache.
 */
export async function fetchRelease(plan: BuildPlan, means: FetchMeans): Promise<FetchedRelease> {
  const { context, steps, tell } = means;
  const [images, files, platforms] = await together(context.stop, [
    (stop) =>
      runStep(steps.images, { ...tell, stop }, (report) =>
        fetchImages({ images: plan.images, platforms: plan.imagePlatforms }, { ...context, stop }, report),
      ),
    (stop) =>
      runStep(steps.files, { ...tell, stop }, (report) =>
        fetchFiles(
          { files: plan.files, ...(plan.lockedFiles === undefined ? {} : { locked: plan.lockedFiles }) },
          { ...context, stop },
          report,
        ),
      ),
    async (stop) => {
      const fetched: FetchedPlatform[] = [];
      for (const platform of plan.platforms) fetched.push(await fetchPlatform(platform, stop, means));
      return fetched;
    },
  ]);
  return { images, files, platforms };
}

function fetchPlatform(
  { platform, repositories, packages, locked }: PlannedPlatform,
  stop: AbortSignal,
  { context, steps, tell, signer }: FetchMeans,
): Promise<FetchedPlatform> {
  const step = steps.packages.get(platform.name);
  if (step === undefined) throw new MetalK8sError('INTERNAL', `no step was planned for ${platform.name}`);
  return runStep(step, { ...tell, stop }, async (report) => {
    const here = { ...context, stop };
    const request = {
      platform,
      repositories,
      packages,
      ...(locked === undefined ? {} : { locked }),
      ...(signer === undefined ? {} : { signer }),
    };
    const resolved = await resolvePackages(request, here, report);
    return { resolved, repository: await makeRepository(resolved, signer, here, report) };
  });
}
