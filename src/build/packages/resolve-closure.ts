import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import { nevraText } from '../../packages/nevra.ts';
import type { AvailablePackage, Resolution } from '../../packages/read-resolution.ts';
import type { PackagePlatform } from '../../release/release.ts';
import type { BuildContext } from '../build-context.ts';
import { inWorkFolder } from '../work-folder.ts';
import { copyRoot, oneLine } from './pristine-root.ts';
import { type ResolutionRequest, resolveWithDnf } from './resolve-with-dnf.ts';
import { dnfRepositories, type UpstreamRepository } from './upstream-repository.ts';

export interface ClosureRequest extends ResolutionRequest {
  readonly platform: PackagePlatform;
  readonly repositories: readonly UpstreamRepository[];
  /** What is installed already; nothing when left out. */
  readonly pristineRoot?: string;
  /** Folder of dnf's for metadata of just these repositories. */
  readonly metadata: string;
}

/**
 * Lets dnf find some packages and everything that they require beyond what is installed, sorted. Throws a `RELEASE_INVALID` that names the
 * package and dnf's reasons when they do not resolve, and when they would take the place of what is installed.
 */
export async function resolveClosure(
  { platform, repositories, pristineRoot, metadata, ...question }: ClosureRequest,
  context: BuildContext,
): Promise<readonly AvailablePackage[]> {
  return inWorkFolder(context.cache, async (work) => {
    const root = pristineRoot === undefined ? join(work, 'root') : await copyRoot(pristineRoot, work);
    await mkdir(root, { recursive: true });
    const run = { work, root, metadata, platform, repositories: await dnfRepositories(repositories, work) };
    const resolution = await resolveWithDnf(question, run, context, (why) => unreadable(platform, why));
    return checked(resolution, question, platform);
  });
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
