import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { StepReport } from '../../events/step-report.ts';
import { exactPackage, type Nevra, nevraOf } from '../../packages/nevra.ts';
import type { PackagePlatform } from '../../release/release.ts';
import type { BuildContext } from '../build-context.ts';
import { memo } from '../memo.ts';
import { inWorkFolder } from '../work-folder.ts';
import { succeedDnf } from './run-dnf.ts';
import { toolVersions } from './tool-versions.ts';
import { dnfRepositories, type UpstreamRepository } from './upstream-repository.ts';

export interface PristineRoot {
  readonly platform: PackagePlatform;
  /** What a minimal installation has: the packages that the release assumes, and what they require. */
  readonly base: readonly (Nevra & { readonly sha256: string })[];
}

/** Lends a folder with dnf's metadata of the repositories, or for them. */
export type WithMetadata = (use: (metadata: string) => Promise<void>) => Promise<void>;

/**
 * A folder whose RPM database says that the base packages are installed: their headers are in it, not their files, and none of their
 * scripts has run. Never to be written to: see `copyRoot`.
 */
export async function pristineRoot(
  { platform, base }: PristineRoot,
  source: { readonly repositories: readonly UpstreamRepository[]; readonly withMetadata: WithMetadata },
  { context, report }: { context: BuildContext; report: StepReport },
): Promise<string> {
  const { name, releasever, modulePlatform } = platform;
  const packages = base.map(({ sha256, ...each }) => ({ ...nevraOf(each), sha256 }));
  const inputs = { name, releasever, modulePlatform, packages, tools: await toolVersions(context) };
  return memo(context.cache, {
    kind: 'package-roots',
    inputs,
    make: (directory) =>
      inWorkFolder(context.cache, async (work) => {
        report.output(`${name}: the headers of ${base.length} packages of a minimal installation are read`);
        const root = join(directory, 'root');
        const repositories = await dnfRepositories(source.repositories, work);
        const options = ['--setopt=tsflags=justdb,noscripts,notriggers', '--setopt=keepcache=0'];
        const command = [...options, 'install', '--', ...base.map(exactPackage)];
        await source.withMetadata(async (metadata) => {
          const run = { work, root, metadata, platform, repositories, command };
          await succeedDnf(run, context, (reasons) => unfitBase(platform, reasons));
        });
        // Keys that dnf imported and logs are of no use to others.
        await rm(join(root, 'var/log'), { recursive: true, force: true });
      }),
  });
}

/** A copy to work in. */
export async function copyRoot(pristine: string, work: string): Promise<string> {
  const root = join(work, 'root');
  await mkdir(root);
  await cp(join(pristine, 'root'), root, { recursive: true });
  return root;
}

function unfitBase({ name }: PackagePlatform, reasons: string): MetalK8sError {
  return new MetalK8sError('RELEASE_INVALID', `The base packages of ${name} cannot be had: ${oneLine(reasons)}`, {
    where: name,
    hint: 'Compare the base packages and repositories of the platform in the release list with what the distribution has.',
    cause: new Error(reasons),
  });
}

/** Words of several lines in one. */
export function oneLine(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replace(/^Error: */, '').replace(/^[ -]+/, ''))
    .filter((line) => line !== '')
    .join('; ');
}
