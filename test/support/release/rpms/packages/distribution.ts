import { join } from 'node:path';
import { el9Capabilities } from '../../../hosts/el9-capabilities.ts';
import { NATIVE_ARCHITECTURE, type RpmPackage } from '../package.ts';

const LIBRARIES = process.arch === 'arm64' ? 'usr/lib/aarch64-linux-gnu' : 'usr/lib/x86_64-linux-gnu';

const COMMON = { license: 'GPL-2.0-or-later', architecture: NATIVE_ARCHITECTURE } as const;

/** Directories with unpacked Debian packages. */
export interface DistributionPrograms {
  readonly debian: string;
  /** Has ethtool, socat and dnf's plugins. */
  readonly debianTools: string;
}

/**
 * Packages of Enterprise Linux that a minimal installation lacks and other packages of the release require, or nodes are given. Their programs
 * are Debian's; container-selinux, in two versions, holds no policy. Then what stands for a minimal installation itself.
 */
export function distributionPackages({ debian, debianTools }: DistributionPrograms): readonly RpmPackage[] {
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
    program('conntrack-tools', '1.4.7', { path: '/usr/sbin/conntrack', source: join(debian, 'usr/sbin/conntrack') }),
    program('ethtool', '6.11', { path: '/usr/sbin/ethtool', source: join(debianTools, 'sbin/ethtool') }),
    program('iproute-tc', '6.11.0', { path: '/usr/sbin/tc', source: join(debian, 'sbin/tc') }),
    program('socat', '1.7.4.1', { path: '/usr/bin/socat', source: join(debianTools, 'usr/bin/socat') }),
    iptables('iptables', debian),
    { ...iptables('iptables-nft', debian), provides: [`iptables = ${IPTABLES_VERSION}`] },
    ...dnfPlugins(debianTools),
    minimal('el9-double-base', {
      summary: 'What the Debian userland of an Enterprise Linux 9 double stands in for',
      provides: el9Capabilities(),
    }),
    minimal('el9-double-absent', {
      summary: 'Names of packages that every minimal Enterprise Linux has, and its double nothing for',
      provides: [
        'cronie = 1.5.7-14.el9_6',
        'policycoreutils = 3.6-2.1.el9',
        'selinux-policy-targeted = 38.1.53-5.el9_6',
      ],
    }),
  ];
}

/** A package with one program, which needs libraries that every host has. */
function program(name: string, version: string, { path, source }: { path: string; source: string }): RpmPackage {
  return {
    ...COMMON,
    name,
    version,
    release: '1.el9',
    summary: `Debian's program in the place of Enterprise Linux's package ${name}`,
    url: 'https://tracker.debian.org/',
    requires: ['libc.so.6()(64bit)'],
    files: [{ kind: 'file', path, source, mode: 0o755 }],
  };
}

const DNF_PLUGINS_VERSION = '4.3.0';
const DNF_PLUGINS_RELEASE = '20.el9';
/** Where Debian's Python looks, which runs the dnf of a double. */
const PYTHON_MODULES = 'usr/lib/python3/dist-packages';

/** The plugin of dnf that keeps packages at their versions, and what all its plugins have in common. */
function dnfPlugins(debianTools: string): readonly RpmPackage[] {
  const common = {
    ...COMMON,
    architecture: 'noarch',
    version: DNF_PLUGINS_VERSION,
    release: DNF_PLUGINS_RELEASE,
    url: 'https://github.com/rpm-software-management/dnf-plugins-core',
  } as const;
  const file = (path: string) =>
    ({ kind: 'file', path: `/${path}`, source: join(debianTools, path), mode: 0o644 }) as const;
  return [
    {
      ...common,
      name: 'python3-dnf-plugins-core',
      summary: 'What plugins of dnf have in common',
      requires: ['dnf'],
      files: [file(`${PYTHON_MODULES}/dnfpluginscore/__init__.py`)],
    },
    {
      ...common,
      name: 'python3-dnf-plugin-versionlock',
      summary: 'Version lock plugin for dnf',
      requires: [`python3-dnf-plugins-core = ${DNF_PLUGINS_VERSION}-${DNF_PLUGINS_RELEASE}`],
      files: [
        file(`${PYTHON_MODULES}/dnf-plugins/versionlock.py`),
        { ...file('etc/dnf/plugins/versionlock.conf'), configuration: true },
        { ...file('etc/dnf/plugins/versionlock.list'), configuration: true },
      ],
    },
  ];
}

const IPTABLES_VERSION = '1.8.10';

/** Enterprise Linux 8 has the program in a package of the first name, 9 and later in one of the second. */
function iptables(name: 'iptables' | 'iptables-nft', debian: string): RpmPackage {
  const multi = 'xtables-nft-multi';
  const names = ['iptables', 'ip6tables'].flatMap((each) => [each, `${each}-save`, `${each}-restore`]);
  return {
    ...program(name, IPTABLES_VERSION, { path: `/usr/sbin/${multi}`, source: join(debian, 'usr/sbin', multi) }),
    files: [
      { kind: 'file', path: `/usr/sbin/${multi}`, source: join(debian, 'usr/sbin', multi), mode: 0o755 },
      ...names.map((each) => ({ kind: 'link', path: `/usr/sbin/${each}`, target: multi }) as const),
    ],
  };
}

/** A package without files: all that it has is names. */
function minimal(name: string, { summary, provides }: Pick<RpmPackage, 'summary' | 'provides'>): RpmPackage {
  return {
    ...COMMON,
    license: 'Apache-2.0',
    architecture: 'noarch',
    name,
    version: '9.6',
    release: '1.el9',
    summary,
    url: 'https://metalk8s.test',
    ...(provides && { provides }),
    files: [],
  };
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
