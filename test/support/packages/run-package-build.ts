import type { BuildContext } from '../../../src/build/build-context.ts';
import { type DiscRepository, makeRepository } from '../../../src/build/packages/make-repository.ts';
import { provePackages } from '../../../src/build/packages/prove-packages.ts';
import { type PackageRequest, resolvePackages } from '../../../src/build/packages/resolve-packages.ts';
import type { ResolvedPlatform } from '../../../src/build/packages/resolved-platform.ts';
import { MetalK8sError } from '../../../src/errors/metalk8s-error.ts';
import { keptReport } from '../build/build-context.ts';
import { signerOf } from '../build/signer-of.ts';

/** What a test wants built. Plain data, as other processes are told of it, too. */
export interface PackageBuild {
  readonly request: Omit<PackageRequest, 'signer'>;
  readonly cache: string;
  readonly epoch: number;
  readonly concurrency: number;
  /** Fingerprint of the key that signs the disc. */
  readonly signingKey?: string;
  /** Names of packages that get lost before the repository is made. */
  readonly lost?: readonly string[];
}

export interface PackageBuildResult {
  readonly resolved?: ResolvedPlatform;
  readonly repository?: DiscRepository;
  readonly error?: Readonly<Record<'code' | 'message' | 'where' | 'hint', string | undefined>>;
  readonly told: readonly string[];
  readonly milliseconds: number;
}

/** Resolves, lays out and proves the packages of a platform, as a build does. What the product refuses is a result. */
export async function runPackageBuild(wanted: PackageBuild, env: BuildContext['env']): Promise<PackageBuildResult> {
  const report = keptReport();
  const started = performance.now();
  const result = await build(wanted, env, report).catch(failure);
  return { ...result, told: report.told, milliseconds: Math.round(performance.now() - started) };
}

async function build(
  { request, signingKey, lost = [], ...rest }: PackageBuild,
  env: BuildContext['env'],
  report: ReturnType<typeof keptReport>,
) {
  const context: BuildContext = { ...rest, env, stop: new AbortController().signal };
  const signer = signingKey === undefined ? undefined : await signerOf(signingKey, { epoch: rest.epoch, env });
  const signing = signer === undefined ? {} : { signer };
  const all = await resolvePackages({ ...request, ...signing }, context, report);
  const resolved = { ...all, packages: all.packages.filter(({ header }) => !lost.includes(header.name)) };
  const repository = await makeRepository(resolved, signer, context, report);
  await provePackages({ resolved, repository, ...signing }, context, report);
  return { resolved, repository };
}

function failure(error: unknown) {
  if (!(error instanceof MetalK8sError)) throw error;
  const { code, message, where, hint } = error;
  return { error: { code, message, where, hint } };
}
