import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Of } from '../../disc/sha256-of.ts';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { StepReport } from '../../events/step-report.ts';
import type { Nevra } from '../../packages/nevra.ts';
import type { AvailablePackage } from '../../packages/read-resolution.ts';
import type { PackagePlatform } from '../../release/release.ts';
import type { BuildContext } from '../build-context.ts';
import { memo } from '../memo.ts';
import { withClaimedFolder } from './claimed-folder.ts';
import { pristineRoot } from './pristine-root.ts';
import { type ClosureRequest, resolveClosure } from './resolve-closure.ts';
import type { WantedPackage } from './resolve-with-dnf.ts';
import { toolVersions } from './tool-versions.ts';
import { readState, type UpstreamRepository, upstreamState } from './upstream-repository.ts';

export interface CachedClosureRequest {
  readonly platform: PackagePlatform;
  readonly repositories: readonly UpstreamRepository[];
  readonly wanted: readonly WantedPackage[];
  /** When given, nothing else is taken, and what the repositories have got since does not matter. */
  readonly only?: readonly Nevra[];
}

/** Packages with everything that they require, each list sorted. */
export interface Closure {
  /** Of a minimal installation, which the disc does not carry. */
  readonly base: readonly AvailablePackage[];
  /** Folder of a root that has them. */
  readonly pristineRoot: string;
  /** What has to be added to it. */
  readonly packages: readonly AvailablePackage[];
}

interface Work {
  readonly context: BuildContext;
  readonly report: StepReport;
}

/**
 * The closure of a platform's packages: as it was found before, when neither the request nor the state of the repositories has changed. Throws
 * what `resolveClosure` throws, and a `STEP_FAILED` when a repository changes while it is read.
 */
export async function cachedClosure(
  { platform, repositories, wanted, only }: CachedClosureRequest,
  { context, report }: Work,
): Promise<Closure> {
  const state = only === undefined ? await upstreamState(repositories, context, report) : undefined;
  const { name, releasever, modulePlatform } = platform;
  const inputs = {
    platform: { name, releasever, modulePlatform },
    repositories: repositories.map(identity),
    state: state ?? 'as locked',
    tools: await toolVersions(context),
  };
  const folder = metadataFolder(platform, repositories, context);
  const resolve = (question: Pick<ClosureRequest, 'wanted' | 'only' | 'providers' | 'pristineRoot'>) =>
    withClaimedFolder(folder, async (metadata) => {
      const found = await resolveClosure({ platform, repositories, metadata, ...question }, context);
      const read = await readState(repositories, metadata);
      if (state !== undefined && read.join() !== state.join()) throw moved(name);
      return found;
    });
  const base = await remembered('package-bases', { ...inputs, base: platform.base }, context, () => {
    report.output(`${name}: dnf resolves ${platform.base.length} base packages`);
    return resolve({ wanted: platform.base.map((each) => ({ name: each })), providers: true });
  });
  const root = await pristineRoot(
    { platform, base },
    { repositories, withMetadata: (use) => withClaimedFolder(folder, use) },
    { context, report },
  );
  const set = { ...inputs, base: platform.base, wanted, only: only ?? 'anything' };
  const packages = await remembered('package-sets', set, context, () => {
    report.output(`${name}: dnf resolves ${wanted.length} packages`);
    return resolve({ wanted, ...(only && { only }), providers: false, pristineRoot: root });
  });
  return { base, pristineRoot: root, packages };
}

async function remembered(
  kind: string,
  inputs: unknown,
  { cache }: BuildContext,
  find: () => Promise<readonly AvailablePackage[]>,
): Promise<readonly AvailablePackage[]> {
  const make = async (directory: string) => writeFile(join(directory, PACKAGES), JSON.stringify(await find()));
  const directory = await memo(cache, { kind, inputs, make });
  return JSON.parse(await readFile(join(directory, PACKAGES), 'utf8')) as AvailablePackage[];
}

const PACKAGES = 'packages.json';

/** dnf finds metadata there that have not changed. What an earlier release list trusted must not be found, so what verifies them is part of its name. */
function metadataFolder(
  { name }: PackagePlatform,
  repositories: readonly UpstreamRepository[],
  { cache }: BuildContext,
): string {
  return join(cache, 'package-metadata', sha256Of(JSON.stringify([name, repositories.map(identity)])));
}

function identity({ id, url, keys, signedByUs, metadataSigned }: UpstreamRepository) {
  const digest = ({ binary }: { binary: Uint8Array }) => sha256Of(binary);
  return { id, url, keys: keys.map(digest), signedByUs, metadataSigned };
}

function moved(platform: string): MetalK8sError {
  return new MetalK8sError('STEP_FAILED', `A repository of ${platform} changed while it was read`, {
    where: platform,
    hint: 'Run again: what is fetched already is not fetched again.',
  });
}
