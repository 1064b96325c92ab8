import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inTemporaryDirectory } from '../temporary-directory.ts';
import { el9Capabilities } from './el9-capabilities.ts';
import { machineTool } from './machine-tool.ts';

const EL9_BASE_PACKAGE = 'el9-double-base';

/**
 * Puts the one package that provides EL's names into the RPM database of a tree; it holds no files.
 * Without it, no package that requires `bash` could be installed there.
 */
export async function installEl9BasePackage(tree: string): Promise<void> {
  await inTemporaryDirectory(async (work) => {
    const spec = join(work, 'base.spec');
    await writeFile(spec, el9BaseSpec());
    const define = (name: string, value: string) => ['--define', `${name} ${value}`];
    await machineTool([
      'rpmbuild',
      '-bb',
      '--quiet',
      ...define('_topdir', work),
      ...define('_build_id_links', 'none'),
      spec,
    ]);
    const [built] = await readdir(join(work, 'RPMS', 'noarch'));
    if (built === undefined) throw new Error('rpmbuild made no package');
    const inTree = join(tree, 'base.rpm');
    await machineTool(['cp', join(work, 'RPMS', 'noarch', built), inTree]);
    await machineTool(['chroot', tree, 'rpm', '--install', '--justdb', '--nodeps', '/base.rpm']);
    await rm(inTree);
  });
}

/** The spec file of the base package. */
export function el9BaseSpec(): string {
  return `Name: ${EL9_BASE_PACKAGE}
Version: 9.6
Release: 1.el9
Summary: What the Debian userland of an Enterprise Linux 9 double stands in for
License: Apache-2.0
BuildArch: noarch
AutoReqProv: no
${el9Capabilities()
  .map((capability) => `Provides: ${capability}`)
  .join('\n')}

%description
This host doubles an Enterprise Linux 9 machine. Its programs are Debian's; this package gives them EL's names in the RPM database.

%files
`;
}
