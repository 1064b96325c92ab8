import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { StepReport } from '../../events/step-report.ts';
import { nevraOf } from '../../packages/nevra.ts';
import type { AvailablePackage } from '../../packages/read-resolution.ts';
import type { LockedPackage } from '../../release/lock.ts';
import { lockDifferences } from '../../release/lock-differences.ts';
import type { PackagePlatform, PackageRole, ReleasePackage } from '../../release/release.ts';
import type { BuildContext } from '../build-context.ts';
import type { Signer } from '../signer.ts';
import { bringPackages } from './bring-packages.ts';
import { type Closure, cachedClosure } from './cached-closure.ts';
import type { WantedPackage } from './resolve-with-dnf.ts';
import type { ResolvedPlatform } from './resolved-platform.ts';
import { openRepositories, type SourcedRepository } from './upstream-repository.ts';

export interface PackageRequest {
  readonly platform: PackagePlatform;
  /** The platform's own, in its order, each with where it comes from. */
  readonly repositories: readonly SourcedRepository[];
  /** Of all chosen components, for this platform. */
  readonly packages: readonly ReleasePackage[];
  /** Those of a lock, for this platform. When given, nothing else is taken. */
  readonly locked?: readonly LockedPackage[];
  /** Signs what upstream does not; without it, such packages are refused. */
  readonly signer?: Signer;
}

/**
 * Resolves the packages of a platform, brings them into the cache and verifies every one: its checksum by the signed metadata, its
 * signature by the keys of its repository alone, and that its header says what was asked for. An equal request for an equal state of upstream is
 * answered from the cache; with a lock, upstream is then asked for nothing but its keys.
 * Throws a `RELEASE_INVALID` for what does not resolve, a `VERIFICATION_FAILED` for what is not what it should be.
 */
export async function resolvePackages(
  request: PackageRequest,
  context: BuildContext,
  report: StepReport,
): Promise<ResolvedPlatform> {
  const { platform, locked, signer } = request;
  const work = { context, report };
  const repositories = await openRepositories(platform, request.repositories, work);
  const wanted = wantedPackages(request.packages);
  const only = locked?.map(nevraOf);
  const closure = await cachedClosure({ platform, repositories, wanted, ...(only && { only }) }, work);
  const found = closure.packages.map((each) => lockedPackage(each, platform.name));
  if (locked !== undefined) refuseDifferences(found, locked, platform.name);
  const brought = await bringPackages(
    { closure, repositories, ...(signer === undefined ? {} : { signer }) },
    context,
    report,
  );
  const roles = rolesByName(request.packages);
  warnOfBase(request, closure, report);
  const used = new Set(closure.packages.map(({ repository }) => repository));
  const keys = repositories.flatMap((each) => (used.has(each.id) && !each.signedByUs ? each.keys : []));
  return {
    platform,
    packages: closure.packages.map((each, position) => {
      const file = brought[position];
      if (file === undefined) throw new MetalK8sError('INTERNAL', `${each.name} was not brought`);
      const locked = lockedPackage(each, platform.name);
      return { locked, url: each.url, ...file, roles: roles.get(each.name) ?? [], neededBy: each.neededBy };
    }),
    keys: [...new Map(keys.map((key) => [key.fingerprint, key])).values()].sort((a, b) =>
      a.fingerprint < b.fingerprint ? -1 : 1,
    ),
    base: closure.base.map((each) => ({ ...nevraOf(each), sha256: each.sha256 })),
    pristineRoot: closure.pristineRoot,
  };
}

/** Each once, sorted: components may ask for the same. */
function wantedPackages(packages: readonly ReleasePackage[]): WantedPackage[] {
  const wanted = packages.map(({ name, version }) => ({ name, ...(version === undefined ? {} : { version }) }));
  const unique = new Map(wanted.map((each) => [JSON.stringify(each), each]));
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

function rolesByName(packages: readonly ReleasePackage[]): Map<string, PackageRole[]> {
  const groups = Map.groupBy(packages, ({ name }) => name);
  return new Map([...groups].map(([name, same]) => [name, [...new Set(same.flatMap(({ roles }) => roles))].sort()]));
}

function lockedPackage(each: AvailablePackage, platform: string): LockedPackage {
  const { repository, sha256, size } = each;
  return { platform, ...nevraOf(each), repository, sha256, size };
}

function refuseDifferences(found: readonly LockedPackage[], locked: readonly LockedPackage[], platform: string): void {
  const lockOf = (packages: readonly LockedPackage[]) => ({ version: '', images: [], files: [], packages });
  const differences = lockDifferences(lockOf(locked), lockOf(found))
    // It may be that of a disc with more components.
    .filter((difference) => difference.found !== undefined)
    .map((each) => `${each.what}: expected ${each.expected ?? 'none'}, found ${each.found}`);
  if (differences.length === 0) return;
  throw new MetalK8sError(
    'VERIFICATION_FAILED',
    `The packages of ${platform} are not those of the lock: ${differences.join('; ')}`,
    {
      where: platform,
      hint: 'Find out why upstream changed them. When the change is wanted, build with --update-lock.',
    },
  );
}

function warnOfBase({ platform, packages }: PackageRequest, { base }: Closure, report: StepReport): void {
  const there = new Set(base.map(({ name }) => name));
  for (const name of new Set(packages.map((each) => each.name).filter((each) => there.has(each)))) {
    report.warning(
      `${platform.name}: the disc does not carry ${name}, which is one of the base packages or required by one`,
    );
  }
}
