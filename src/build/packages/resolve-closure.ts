import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import { type Nevra, nevraText } from '../../packages/nevra.ts';
import type { AvailablePackage, Resolution } from '../../packages/read-resolution.ts';
import type { PackagePlatform } from '../../release/release.ts';
import type { BuildContext, StepReport } from '../build-context.ts';
import { copyRoot, oneLine, pristineRoot } from './pristine-root.ts';
import { type ResolutionRequest, resolveWithDnf, type WantedPackage } from './resolve-with-dnf.ts';
import { dnfRepositories, type UpstreamRepository } from './upstream-repository.ts';
import { inWorkFolder } from './work-folder.ts';

export interface ClosureRequest {
  readonly platform: PackagePlatform;
  readonly repositories: readonly UpstreamRepository[];
  readonly wanted: readonly WantedPackage[];
  /** When given, nothing else is taken. */
  readonly only?: readonly Nevra[];
  /** Folder of dnf's for metadata of just these repositories. */
  readonly metadata: string;
}

/** Packages with everything that they require, each list sorted. */
export interface Closure {
  /** Of a minimal installation, which the disc does not carry. */
  readonly base: readonly AvailablePackage[];
  /** What has to be added to it. */
  readonly packages: readonly AvailablePackage[];
}

/**
 * Lets dnf find what the wanted packages require beyond a minimal installation of the platform. Throws a `RELEASE_INVALID` that names the
 * package and dnf's reasons when they do not resolve, and when they would take the place of a base package.
 */
export async function resolveClosure(
  request: ClosureRequest,
  { context, report }: { context: BuildContext; report: StepReport },
): Promise<Closure> {
  const { platform, repositories, metadata, wanted, only } = request;
  const ask = (question: ResolutionRequest, pristine?: string) =>
    inWorkFolder(async (work) => {
      const root = pristine === undefined ? join(work, 'root') : await copyRoot(pristine, work);
      await mkdir(root, { recursive: true });
      const run = { work, root, metadata, platform, repositories: await dnfRepositories(repositories, work) };
      const resolution = await resolveWithDnf(question, run, context, (why) => unreadable(platform, why));
      return checked(resolution, question, platform);
    });
  report.output(`${platform.name}: dnf resolves ${platform.base.length} base packages, then ${wanted.length} packages`);
  const base = await ask({ wanted: platform.base.map((name) => ({ name })), providers: true });
  const pristine = await pristineRoot({ platform, base }, { repositories, metadata }, { context, report });
  const packages = await ask({ wanted, ...(only === undefined ? {} : { only }), providers: false }, pristine);
  return { base, packages };
}

function checked(
  { unmatched, problems, packages, replaced, gone }: Resolution,
  { wanted, only }: ResolutionRequest,
  { name: platform }: PackagePlatform,
): readonly AvailablePackage[] {
  const lost = gone.map(
    ({ expected, found }) =>
      `the lock has ${nevraText(expected)}, the repositories have ${found.join(', ') || 'none of that name'}`,
  );
  const refuse = (message: string, reasons: readonly string[]) =>
    new MetalK8sError('RELEASE_INVALID', message, {
      where: platform,
      hint:
        only === undefined
          ? 'Compare the packages, base packages and repositories of the platform in the release list with what upstream has.'
          : 'When packages changed on purpose, build with --update-lock, and look at what changes in the lock.',
      cause: new Error(reasons.join('\n')),
    });
  if (unmatched.length > 0) {
    const names = unmatched.join(', ');
    throw refuse(`No repository of ${platform} has ${names}${lost.length > 0 ? `: ${lost.join('; ')}` : ''}`, lost);
  }
  if (problems.length > 0) {
    const reasons = [...problems, ...lost];
    throw refuse(`The packages of ${platform} do not resolve: ${oneLine(reasons.join('\n'))}`, reasons);
  }
  if (replaced.length > 0) {
    const names = wanted.map(({ name }) => name).join(', ');
    throw refuse(`The packages of ${platform} would take the place of base packages: ${replaced.join(', ')}`, [
      `wanted: ${names}`,
    ]);
  }
  return packages;
}

function unreadable({ name }: PackagePlatform, why: string): MetalK8sError {
  const forged = /GPG|signature|checksum/i.test(why);
  return new MetalK8sError(
    forged ? 'VERIFICATION_FAILED' : 'STEP_FAILED',
    `The repositories of ${name} cannot be ${forged ? 'verified' : 'read'}: ${oneLine(why)}`,
    {
      where: name,
      hint: forged
        ? 'Ask whoever serves the repository. A key that is right has to be in the release list.'
        : 'Run again; when it stays so, look at the address of the repository in the release list or in the mirrors.',
      cause: new Error(why),
    },
  );
}
