import { BASE_CAPABILITIES } from '../release/rpms/base-capabilities.ts';

/** The release that the double stands in for. */
export const EL_RELEASE = {
  name: 'Rocky Linux',
  id: 'rocky',
  version: '9.6',
  major: '9',
  codeName: 'Blue Onyx',
} as const;

/** Packages of Enterprise Linux 9 that the double's Debian userland stands in for: EL's name, and the version that EL 9.6 has. */
const PACKAGES: Readonly<Record<string, string>> = {
  'audit-libs': '3.1.5-4.el9',
  basesystem: '11-13.el9',
  bash: '5.1.8-9.el9',
  'bash-completion': '2.11-5.el9',
  'ca-certificates': '2024.2.69_v8.0.303-91.4.el9_4',
  chkconfig: '1.24-2.el9',
  'conntrack-tools': '1.4.7-4.el9_5',
  coreutils: '8.32-39.el9',
  'coreutils-common': '8.32-39.el9',
  cpio: '2.13-16.el9',
  curl: '7.76.1-31.el9',
  dbus: '1.12.20-8.el9',
  'dbus-tools': '1.12.20-8.el9',
  diffutils: '3.7-12.el9',
  dnf: '4.14.0-25.el9',
  e2fsprogs: '1.46.5-7.el9',
  ebtables: '2.0.11-10.el9',
  ethtool: '6.11-1.el9',
  file: '5.39-16.el9',
  filesystem: '3.16-5.el9',
  findutils: '4.8.0-7.el9',
  'fuse-common': '3.10.2-9.el9',
  fuse3: '3.10.2-9.el9',
  gawk: '5.1.0-6.el9',
  glibc: '2.34-168.el9',
  'glibc-common': '2.34-168.el9',
  gnupg2: '2.3.3-4.el9',
  grep: '3.6-5.el9',
  gzip: '1.12-1.el9',
  hostname: '3.23-6.el9',
  ipset: '7.11-11.el9_5',
  'ipset-libs': '7.11-11.el9_5',
  'iptables-libs': '1.8.10-11.el9_5',
  'iptables-nft': '1.8.10-11.el9_5',
  iproute: '6.11.0-1.el9',
  'iproute-tc': '6.11.0-1.el9',
  iputils: '20210202-11.el9_6',
  kmod: '28-10.el9',
  'kmod-libs': '28-10.el9',
  less: '590-5.el9',
  libgcc: '11.5.0-5.el9',
  libmnl: '1.0.4-16.el9',
  libnetfilter_conntrack: '1.0.9-1.el9',
  libseccomp: '2.5.2-2.el9',
  libselinux: '3.6-3.el9',
  'libstdc++': '11.5.0-5.el9',
  lsof: '4.94.0-3.el9',
  'ncurses-libs': '6.2-10.20210508.el9',
  nftables: '1.0.9-3.el9',
  openssh: '8.7p1-45.el9',
  'openssh-clients': '8.7p1-45.el9',
  'openssh-server': '8.7p1-45.el9',
  openssl: '3.2.2-6.el9_5',
  'openssl-libs': '3.2.2-6.el9_5',
  pcre2: '10.40-6.el9',
  'procps-ng': '3.3.17-14.el9',
  psmisc: '23.4-3.el9',
  python3: '3.9.21-2.el9',
  'python3-libs': '3.9.21-2.el9',
  rpm: '4.16.1.3-37.el9',
  'rpm-libs': '4.16.1.3-37.el9',
  sed: '4.8-9.el9',
  setup: '2.13.7-10.el9',
  'shadow-utils': '4.9-12.el9',
  socat: '1.7.4.1-6.el9',
  sudo: '1.9.5p2-10.el9_6.1',
  systemd: '252-51.el9',
  'systemd-libs': '252-51.el9',
  tar: '1.34-7.el9',
  tzdata: '2025b-1.el9',
  'util-linux': '2.37.4-21.el9',
  'util-linux-core': '2.37.4-21.el9',
  which: '2.21-29.el9',
  xfsprogs: '6.4.0-5.el9',
  xz: '5.2.5-8.el9_0',
  'xz-libs': '5.2.5-8.el9_0',
  yum: '4.14.0-25.el9',
  zlib: '1.2.11-40.el9',
  zstd: '1.5.5-1.el9',
};

/** Other names that packages of EL 9 ask for: sonames, programs by path, virtual names. */
const NAMES = [
  'config(setup)',
  'iptables',
  'redhat-release = 9.6',
  'rocky-release = 9.6-1.4.el9',
  'system-release = 9.6',
  'system-release(releasever) = 9',
  '/bin/bash',
  '/bin/sh',
  '/sbin/ldconfig',
  '/usr/bin/bash',
  '/usr/bin/env',
  '/usr/bin/getent',
  '/usr/bin/python3',
  '/usr/bin/sh',
  '/usr/bin/systemctl',
  '/usr/sbin/groupadd',
  '/usr/sbin/ldconfig',
  '/usr/sbin/useradd',
  'libc.so.6()(64bit)',
  'libcrypto.so.3()(64bit)',
  'libdl.so.2()(64bit)',
  'libgcc_s.so.1()(64bit)',
  'libm.so.6()(64bit)',
  'libpthread.so.0()(64bit)',
  'libresolv.so.2()(64bit)',
  'librt.so.1()(64bit)',
  'libseccomp.so.2()(64bit)',
  'libssl.so.3()(64bit)',
  'libstdc++.so.6()(64bit)',
  'libsystemd.so.0()(64bit)',
  'libz.so.1()(64bit)',
  'rtld(GNU_HASH)',
] as const;

/** Versions of the C library's interface up to EL 9's, which programs built there ask for. */
const GLIBC_VERSIONS = [
  '2.2.5',
  '2.3',
  '2.3.4',
  '2.4',
  '2.7',
  '2.9',
  '2.10',
  '2.14',
  '2.15',
  '2.16',
  '2.17',
  '2.25',
  '2.28',
  '2.30',
  '2.32',
  '2.33',
  '2.34',
];

/** What the double's one RPM package provides, as lines for a spec's `Provides:`. */
export function el9Capabilities(): string[] {
  const packages = Object.entries(PACKAGES).flatMap(([name, version]) => [
    `${name} = ${epoch(name)}${version}`,
    `${name}(x86-64) = ${epoch(name)}${version}`,
  ]);
  const glibc = GLIBC_VERSIONS.map((version) => `libc.so.6(GLIBC_${version})(64bit)`);
  const own = [...packages, ...NAMES, ...glibc];
  const names = new Set(own.map(nameOf));
  return [...own, ...BASE_CAPABILITIES.filter((capability) => !names.has(nameOf(capability)))].sort();
}

function nameOf(capability: string): string {
  return capability.split(' ')[0] ?? '';
}

function epoch(name: string): string {
  return name.startsWith('openssl') || name === 'dbus' || name === 'dbus-tools' ? '1:' : '';
}
