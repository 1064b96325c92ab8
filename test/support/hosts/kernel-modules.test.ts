import { expect, test } from 'vitest';
import { builtinModules } from './kernel-modules.ts';

test('only what is built in is named', () => {
  const configuration = 'CONFIG_OVERLAY_FS=y\n# CONFIG_IP_VS is not set\nCONFIG_VXLAN=m\nCONFIG_BRIDGE_NETFILTER=y\n';
  expect(builtinModules(configuration)).toBe('kernel/net/bridge/br_netfilter.ko\nkernel/fs/overlayfs/overlay.ko\n');
});

test('a kernel that does not tell is supposed to have everything', () => {
  expect(builtinModules(undefined)).toContain('/ip_vs.ko\n');
});
