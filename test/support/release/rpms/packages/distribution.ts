import { join } from 'node:path';
import { NATIVE_ARCHITECTURE, type RpmPackage } from '../package.ts';

const LIBRARIES = process.arch === 'arm64' ? 'usr/lib/aarch64-linux-gnu' : 'usr/lib/x86_64-linux-gnu';

const COMMON = { license: 'GPL-2.0-or-later', architecture: NATIVE_ARCHITECTURE } as const;

/**
 * Packages of Enterprise Linux that a minimal installation lacks and other packages of the release require. Their
 * programs are Debian's, whose unpacked packages lie in `debian`; container-selinux, in two versions, holds no policy.
 */
export function distributionPackages(debian: string): readonly RpmPackage[] {
  return [
    {
      ...COMMON,
      name: 'dmidecode',
      version: '3.6',
      release: '1.el9',
      summary: 'Tool to analyse BIOS DMI data',
      url: 'https://www.nongnu.org/dmidecode/',
      requires: ['libc.so.6()(64bit)'],
      files: [{ kind: 'file', path: '/usr/sbin/dmidecode', source: join(debian, 'usr/sbin/dmidecode'), mode: 0o755 }],
    },
    {
      ...COMMON,
      name: 'pciutils',
      version: '3.7.0',
      release: '7.el9',
      summary: 'PCI bus related utilities',
      url: 'https://mj.ucw.cz/sw/pciutils/',
      requires: ['hwdata', 'libc.so.6()(64bit)', 'libpci.so.3()(64bit)', `pciutils-libs = 3.7.0-7.el9`],
      files: [{ kind: 'file', path: '/usr/bin/lspci', source: join(debian, 'usr/bin/lspci'), mode: 0o755 }],
    },
    {
      ...COMMON,
      name: 'pciutils-libs',
      version: '3.7.0',
      release: '7.el9',
      summary: 'Linux PCI library',
      url: 'https://mj.ucw.cz/sw/pciutils/',
      requires: ['libc.so.6()(64bit)'],
      provides: ['libpci.so.3()(64bit)'],
      // Not in /usr/lib64: the loader of a host with Debian's C library would not look there.
      files: [
        {
          kind: 'file',
          path: `/${LIBRARIES}/libpci.so.3`,
          source: join(debian, LIBRARIES, 'libpci.so.3'),
          mode: 0o755,
        },
      ],
    },
    {
      ...COMMON,
      architecture: 'noarch',
      name: 'hwdata',
      version: '0.348',
      release: '9.18.el9',
      summary: 'Hardware identification and configuration data',
      url: 'https://github.com/vcrhonek/hwdata',
      files: [
        { kind: 'folder', path: '/usr/share/hwdata' },
        {
          kind: 'file',
          path: '/usr/share/hwdata/pci.ids',
          source: join(debian, 'usr/share/misc/pci.ids'),
          mode: 0o644,
        },
        { kind: 'link', path: '/usr/share/misc/pci.ids', target: '../hwdata/pci.ids' },
      ],
    },
    containerSelinux('2.232.1'),
    containerSelinux('2.235.0'),
  ];
}

function containerSelinux(version: string): RpmPackage {
  return {
    ...COMMON,
    architecture: 'noarch',
    name: 'container-selinux',
    version,
    release: '1.el9',
    summary: 'Double of the SELinux policies for container runtimes: it holds no policy',
    url: 'https://github.com/containers/container-selinux',
    files: [{ kind: 'folder', path: '/usr/share/containers/selinux' }],
  };
}
