import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { installEl9BasePackage } from './el9-base-package.ts';
import { EL_RELEASE } from './el9-capabilities.ts';
import { machineTool } from './machine-tool.ts';
import { type Files, writeFiles } from './write-files.ts';

/** Makes a Debian tree pass for Enterprise Linux 9: by its release files, its RPM database, dnf's settings and the places of files. */
export async function makeEl9Double(tree: string): Promise<void> {
  await rm(join(tree, 'etc/os-release'), { force: true });
  await rm(join(tree, 'etc/debian_version'), { force: true });
  await rm(join(tree, 'usr/lib/os-release'), { force: true });
  await rm(join(tree, 'etc/dnf/dnf.conf'), { force: true });
  await writeFiles(tree, el9Files());
  await machineTool(['chroot', tree, 'groupadd', '--system', 'wheel']);
  await machineTool([
    'mkdir',
    '-p',
    join(tree, 'etc/yum.repos.d'),
    join(tree, 'etc/pki/rpm-gpg'),
    join(tree, 'etc/sysconfig'),
  ]);
  await installEl9BasePackage(tree);
}

/** Files of the double that a Debian tree has not, or has otherwise. */
export function el9Files(): Files {
  const { name, id, version, major, codeName } = EL_RELEASE;
  const release = `${name} release ${version} (${codeName})\n`;
  const osRelease = [
    `NAME="${name}"`,
    `VERSION="${version} (${codeName})"`,
    `ID="${id}"`,
    'ID_LIKE="rhel centos fedora"',
    `VERSION_ID="${version}"`,
    `PLATFORM_ID="platform:el${major}"`,
    `PRETTY_NAME="${name} ${version} (${codeName})"`,
    `CPE_NAME="cpe:/o:${id}:${id}:${major}::baseos"`,
    'VARIANT="test double on Debian 12"',
    '',
  ].join('\n');
  return {
    'usr/lib/os-release': { content: osRelease },
    'etc/os-release': { link: '../usr/lib/os-release' },
    'etc/rocky-release': { content: release },
    'etc/redhat-release': { link: 'rocky-release' },
    'etc/system-release': { link: 'rocky-release' },
    // Enterprise Linux starts no service just because its package was installed; Debian does.
    'usr/lib/systemd/system-preset/99-default-disable.preset': { content: 'disable *\n' },
    'etc/rpm/macros.dist': { content: `%rhel ${major}\n%dist .el${major}\n%el${major} 1\n` },
    // Debian's rpm would keep a database in each user's home and refuse to install.
    'etc/rpm/macros.double': { content: '%_dbpath /var/lib/rpm\n' },
    'etc/dnf/dnf.conf': {
      content:
        '[main]\ngpgcheck=1\ninstallonly_limit=3\nclean_requirements_on_remove=True\nbest=True\nskip_if_unavailable=False\n',
    },
    'etc/sudoers.d/wheel': { content: '%wheel ALL=(ALL) ALL\n', mode: 0o440 },
    'etc/pki/tls/certs/ca-bundle.crt': { link: '/etc/ssl/certs/ca-certificates.crt' },
    'usr/bin/yum': { link: 'dnf' },
  };
}
