import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { release } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { machineTool } from './machine-tool.ts';
import type { Bind } from './types.ts';

/** Modules that Kubernetes, its network and our own product ask `modprobe` for, with the kernel option that builds each in. */
const MODULES: Readonly<Record<string, string>> = {
  'kernel/net/bridge/br_netfilter.ko': 'CONFIG_BRIDGE_NETFILTER',
  'kernel/net/bridge/bridge.ko': 'CONFIG_BRIDGE',
  'kernel/fs/overlayfs/overlay.ko': 'CONFIG_OVERLAY_FS',
  'kernel/fs/fuse/fuse.ko': 'CONFIG_FUSE_FS',
  'kernel/fs/xfs/xfs.ko': 'CONFIG_XFS_FS',
  'kernel/fs/isofs/isofs.ko': 'CONFIG_ISO9660_FS',
  'kernel/drivers/block/loop.ko': 'CONFIG_BLK_DEV_LOOP',
  'kernel/drivers/net/veth.ko': 'CONFIG_VETH',
  'kernel/drivers/net/vxlan/vxlan.ko': 'CONFIG_VXLAN',
  'kernel/net/ipv4/ipip.ko': 'CONFIG_NET_IPIP',
  'kernel/net/ipv4/netfilter/ip_tables.ko': 'CONFIG_IP_NF_IPTABLES',
  'kernel/net/ipv6/netfilter/ip6_tables.ko': 'CONFIG_IP6_NF_IPTABLES',
  'kernel/net/netfilter/ipset/ip_set.ko': 'CONFIG_IP_SET',
  'kernel/net/netfilter/ipvs/ip_vs.ko': 'CONFIG_IP_VS',
  'kernel/net/netfilter/nf_conntrack.ko': 'CONFIG_NF_CONNTRACK',
  'kernel/net/netfilter/nf_nat.ko': 'CONFIG_NF_NAT',
  'kernel/net/netfilter/nf_tables.ko': 'CONFIG_NF_TABLES',
  'kernel/net/netfilter/x_tables.ko': 'CONFIG_NETFILTER_XTABLES',
  'kernel/net/netfilter/xt_set.ko': 'CONFIG_NETFILTER_XT_SET',
};

/**
 * Lets `modprobe` in a host find the kernel's modules: those of the machine where it has some, else a list of what is
 * built in, written into `seed`.
 * @returns the bind that the host needs, if any
 */
export async function provideKernelModules(seed: string): Promise<Bind | undefined> {
  const directory = `/lib/modules/${release()}`;
  if (await stat(join(directory, 'modules.dep')).catch(() => undefined))
    return { source: directory, target: directory };
  const configuration = await readFile('/proc/config.gz').catch(() => undefined);
  const modules = join(seed, 'usr', directory);
  await mkdir(modules, { recursive: true });
  await writeFile(
    join(modules, 'modules.builtin'),
    builtinModules(configuration ? gunzipSync(configuration).toString() : undefined),
  );
  await writeFile(join(modules, 'modules.order'), '');
  await machineTool(['depmod', '--basedir', join(seed, 'usr'), release()]);
  return undefined;
}

/** Content of `modules.builtin` for a kernel configuration; without one, a kernel that has everything is supposed. */
export function builtinModules(configuration: string | undefined): string {
  const options = new Set(
    configuration
      ?.split('\n')
      .filter((line) => line.endsWith('=y'))
      .map((line) => line.slice(0, -2)),
  );
  const names = Object.keys(MODULES).filter((path) => configuration === undefined || options.has(MODULES[path] ?? ''));
  return names.map((path) => `${path}\n`).join('');
}
