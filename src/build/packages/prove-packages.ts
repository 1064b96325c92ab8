import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sha256Of } from '../../disc/sha256-of.ts';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { StepReport } from '../../events/step-report.ts';
import { exactPackage, nevraText } from '../../packages/nevra.ts';
import type { PackageRole } from '../../release/release.ts';
import type { BuildContext } from '../build-context.ts';
import { memo } from '../memo.ts';
import type { Signer } from '../signer.ts';
import { inWorkFolder } from '../work-folder.ts';
import type { DiscRepository } from './make-repository.ts';
import { platformKeys } from './package-keys.ts';
import { copyRoot, oneLine } from './pristine-root.ts';
import type { ResolvedPackage, ResolvedPlatform } from './resolved-platform.ts';
import { succeedDnf } from './run-dnf.ts';
import { toolVersions } from './tool-versions.ts';
import { dnfUrl, layKeys } from './upstream-repository.ts';

export interface PackageProof {
  readonly resolved: ResolvedPlatform;
  readonly repository: DiscRepository;
  /** Whose key the metadata are signed with. */
  readonly signer?: Signer;
}

/**
 * Proves that each role's packages install on a minimal installation of the platform from the disc's repository alone, with both signature
 * checks: dnf resolves and verifies them and rpm tests the transaction, file conflicts included. No file is written there, no script runs,
 * and no network can be reached. What was proven stays proven as long as all that it depends on is the same.
 * Throws a `RELEASE_INVALID` that names the role, the package, and who needs what.
 */
export async function provePackages(proof: PackageProof, context: BuildContext, report: StepReport): Promise<void> {
  const { resolved } = proof;
  const roles = [...new Set(resolved.packages.flatMap((each) => each.roles))].sort();
  let proven = false;
  for (const role of roles) proven = (await proveRole(role, proof, context, report)) || proven;
  if (!proven) report.unchanged();
}

/** False: it was proven before. */
async function proveRole(
  role: PackageRole,
  proof: PackageProof,
  context: BuildContext,
  report: StepReport,
): Promise<boolean> {
  const { resolved, repository, signer } = proof;
  const { platform, packages, base } = resolved;
  const wanted = packages.filter(({ roles }) => roles.includes(role)).map(({ header }) => header);
  const keys = platformKeys(resolved, signer);
  const inputs = {
    platform: [platform.name, platform.releasever, platform.modulePlatform],
    state: repository.state,
    signed: repository.signed,
    base: base.map((each) => [exactPackage(each), each.sha256]),
    wanted: wanted.map(exactPackage),
    keys: keys.map(({ binary }) => sha256Of(binary)),
    tools: await toolVersions(context),
  };
  let proven = false;
  const make = (directory: string) =>
    inWorkFolder(context.cache, async (work) => {
      proven = true;
      report.output(`${platform.name}: a test transaction installs ${wanted.length} packages of role ${role}`);
      const root = await copyRoot(resolved.pristineRoot, work);
      const verifies = { packages: keys.length > 0, metadata: repository.signed };
      const baseUrl = dnfUrl(pathToFileURL(`${repository.directory}/`));
      const disc = { id: 'disc', baseUrl, keyUrls: await layKeys(keys, work), verifies, ignoresModules: true };
      const command = ['--setopt=tsflags=test', 'install', '--', ...wanted.map(exactPackage)];
      const metadata = join(work, 'metadata');
      const run = { work, root, metadata, platform, repositories: [disc], command, offline: true } as const;
      await succeedDnf(run, context, (reasons) => incomplete({ role, platform: platform.name, reasons, packages }));
      await writeFile(join(directory, 'installs'), `${wanted.map(nevraText).join('\n')}\n`);
    });
  await memo(context.cache, { kind: 'package-proofs', inputs, make });
  return proven;
}

interface Incomplete {
  readonly role: PackageRole;
  readonly platform: string;
  readonly reasons: string;
  readonly packages: readonly ResolvedPackage[];
}

function incomplete({ role, platform, reasons, packages }: Incomplete): MetalK8sError {
  const named = packages.filter(({ header, neededBy }) => neededBy.length > 0 && reasons.includes(header.name));
  const needed = named.map(({ header, neededBy }) => `${header.name} is needed by ${neededBy.join(', ')}`);
  return new MetalK8sError(
    'RELEASE_INVALID',
    `The packages for role ${role} on ${platform} do not install from the disc alone: ${[oneLine(reasons), ...needed].join('; ')}`,
    {
      where: `${platform}, ${role}`,
      hint: 'Name what lacks in the release list; or, when every minimal installation has it, among the base packages.',
      cause: new Error(reasons),
    },
  );
}
