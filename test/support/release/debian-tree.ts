import { cached, type Report } from '../cache.ts';
import { unpackDebianPackages } from './debian-packages.ts';

/**
 * Debian packages that packages and images of the release take programs from, with the packages of every library
 * that those programs load. None of their scripts run.
 */
const PACKAGES = [
  'bash',
  'busybox',
  'conntrack',
  'dmidecode',
  'ipset',
  'iproute2',
  'iptables',
  'kmod',
  'libbpf1',
  'libbsd0',
  'libc6',
  'libcap2',
  'libcom-err2',
  'libcrypt1',
  'libedit2',
  'libelf1',
  'libgmp10',
  'libgssapi-krb5-2',
  'libip4tc2',
  'libip6tc2',
  'libipset13',
  'libjansson4',
  'libk5crypto3',
  'libkeyutils1',
  'libkmod2',
  'libkrb5-3',
  'libkrb5support0',
  'liblzma5',
  'libmd0',
  'libmnl0',
  'libnetfilter-conntrack3',
  'libnfnetlink0',
  'libnftables1',
  'libnftnl11',
  'libnginx-mod-stream',
  'libpci3',
  'libpcre2-8-0',
  'libseccomp2',
  'libselinux1',
  'libssl3',
  'libtinfo6',
  'libtirpc3',
  'libudev1',
  'libxtables12',
  'libzstd1',
  'net-tools',
  'nftables',
  'nginx',
  'nginx-common',
  'pci.ids',
  'pciutils',
  'runc',
  'runit',
  'zlib1g',
] as const;

/** Packages with programs that only packages of the release hold: hosts have the libraries that they load. */
const TOOLS = ['dnf-plugins-core', 'ethtool', 'socat'] as const;

/** A directory with the unpacked packages, in the versions that Debian had when it was made. */
export function debianTree(report: Report): Promise<string> {
  return unpacked(PACKAGES, report);
}

/** The same, of tools. Apart, so that a tool more makes no other images. */
export function debianTools(report: Report): Promise<string> {
  return unpacked(TOOLS, report);
}

function unpacked(packages: readonly string[], report: Report): Promise<string> {
  const make = async (directory: string) => {
    report(`downloading ${packages.length} Debian packages (usually 10 s)`);
    await unpackDebianPackages(packages, directory);
  };
  return cached({ name: 'debian-packages', inputs: { packages, architecture: process.arch }, make }, report);
}
