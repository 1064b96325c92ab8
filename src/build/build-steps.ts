import type { StepSummary } from '../events/event.ts';
import { counted } from '../events/words.ts';
import type { BuildPlan } from '../release/build-plan.ts';

/** The steps of a build; those of one kind work side by side with the others, but the disc. */
export interface BuildSteps {
  readonly images: StepSummary;
  readonly files: StepSummary;
  /** By the name of the platform. */
  readonly packages: ReadonlyMap<string, StepSummary>;
  readonly gather: StepSummary;
  readonly named: StepSummary;
  readonly registry: StepSummary;
  /** By the name of the platform. */
  readonly installs: ReadonlyMap<string, StepSummary>;
  readonly write: StepSummary;
}

/** The steps of a planned build. */
export function buildSteps({ images, files, platforms }: BuildPlan): BuildSteps {
  const byPlatform = (step: (name: string) => StepSummary) =>
    new Map(platforms.map(({ platform: { name } }) => [name, step(name)]));
  return {
    images: { id: 'images/fetch', title: `Fetch ${counted(images.length, 'image')}` },
    files: { id: 'files/fetch', title: `Fetch ${counted(files.length, 'upstream file')}` },
    packages: byPlatform((name) => ({ id: `packages/fetch/${name}`, title: `Fetch packages for ${name}` })),
    gather: { id: 'contents/gather', title: 'Gather the program, its runtime and its documents' },
    named: { id: 'proofs/images', title: 'Look for every image that something names' },
    registry: { id: 'proofs/registry', title: 'Ask the registry for everything it is to serve' },
    installs: byPlatform((name) => ({
      id: `proofs/packages/${name}`,
      title: `Try the packages on a minimal ${name}`,
    })),
    write: { id: 'disc/write', title: 'Write the disc' },
  };
}

/** All of them, in the order in which they begin at the earliest. */
export function stepList(steps: BuildSteps): StepSummary[] {
  const { images, files, packages, gather, named, registry, installs, write } = steps;
  return [images, files, ...packages.values(), gather, named, registry, ...installs.values(), write];
}
