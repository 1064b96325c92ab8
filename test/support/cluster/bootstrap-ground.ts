import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { stringify } from 'yaml';
import type { BootstrapConfiguration } from '../../../src/config/configuration.types.ts';
import type { TestHost } from '../hosts/host.ts';
import type { TestNetwork } from '../hosts/network.ts';
import type { HostOptions, RunOptions, RunResult } from '../hosts/types.ts';
import { linkFile } from '../release/link-file.ts';
import type { BootstrapDisc } from './bootstrap-disc.ts';

/** The disc as a file on the host, and where that is mounted. */
export const DISC_FILE = '/media/metalk8s.iso';
export const DISC_MOUNT = '/mnt';
/** Of the system's vendor: nothing answers there. */
export const VENDOR_REPOSITORY = 'baseos';
export const CONFIGURATION = '/etc/metalk8s/bootstrap.yaml';

export interface BootstrapHostOptions extends Partial<HostOptions> {
  readonly name: string;
  /** What the configuration names as the archive; the file when not given. The other way in is there all the same. */
  readonly archive?: typeof DISC_FILE | typeof DISC_MOUNT;
  /** It mounts ISO 9660, as nearly every kernel does: here mount(8) calls fuseiso in the place of the kernel. */
  readonly mountsImages?: boolean;
  /** Changes the configuration that `bootstrapConfiguration` gives. */
  readonly configure?: (configuration: BootstrapConfiguration) => BootstrapConfiguration;
}

/**
 * Adds a host of a site: it sees no other machine than its neighbours, the disc was put in and mounted, the key that signed it was
 * brought by another way, and its owner has written the configuration. The vendor's repository is enabled, as its installer left it. Nothing
 * of the disc has run yet.
 */
export async function addBootstrapHost(
  network: TestNetwork,
  disc: BootstrapDisc,
  {
    archive = DISC_FILE,
    mountsImages = false,
    configure = (configuration) => configuration,
    ...options
  }: BootstrapHostOptions,
): Promise<TestHost> {
  // A link of the network's own: the disc stays for as long as the network, whatever is built meanwhile.
  const image = join(network.disks, `${basename(dirname(disc.image))}.iso`);
  if (!existsSync(image)) await linkFile(disc.image, image);
  const binds = [...(options.binds ?? []), { source: image, target: DISC_FILE }];
  const host = await network.addHost({ kind: 'el9-double', diskGiB: 20, ...options, binds });
  await host.write(`/etc/metalk8s/trust/${basename(disc.key)}.asc`, await readFile(disc.key));
  await host.write(CONFIGURATION, stringify(configure(bootstrapConfiguration(network, options.name, archive))));
  await host.write(MACHINE_DROP_IN, OOM_SCORE);
  await host.write(`/etc/yum.repos.d/${VENDOR_REPOSITORY}.repo`, OUT_OF_REACH);
  if (mountsImages) await teachToMount(host);
  await mountDisc(host);
  return host;
}

/** mount(8) calls `mount.TYPE SOURCE TARGET -o OPTIONS` for types that have such a program. Until the host starts again its kernel lists the type. */
async function teachToMount(host: TestHost): Promise<void> {
  await host.write('/usr/sbin/mount.iso9660', '#!/bin/sh\nexec fuseiso "$1" "$2" -o ro,allow_other\n');
  await host.run({
    script: `chmod 755 /usr/sbin/mount.iso9660
printf 'nodev\\tiso9660\\n' | cat /proc/filesystems - >/tmp/filesystems
mount --bind /tmp/filesystems /proc/filesystems`,
  });
}

/** Mounts the disc that was put in, in user space, as the kernel at hand has no ISO 9660. After a start it has to be mounted again. */
export async function mountDisc(host: TestHost): Promise<void> {
  await host.run(['mount', '-t', 'fuse.fuseiso', '-o', 'ro,allow_other', DISC_FILE, DISC_MOUNT]);
}

/** The least that a first node needs to know, and what the machine at hand asks for: it has cgroup v1. */
export function bootstrapConfiguration(
  { subnets }: Pick<TestNetwork, 'subnets'>,
  name: string,
  archive: string,
): BootstrapConfiguration {
  const [controlPlane = '', workloadPlane = controlPlane] = subnets;
  return {
    apiVersion: 'metalk8s.scality.com/v1alpha3',
    kind: 'BootstrapConfiguration',
    networks: { controlPlane: { cidr: controlPlane }, workloadPlane: { cidr: workloadPlane } },
    ca: { minion: name },
    archives: [archive],
    kubernetes: { kubelet: { allowCgroupV1: true } },
  };
}

/** Runs a command of metalk8s from the disc, as an operator does. How it ends is in the result. */
export function metalk8s(host: TestHost, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return host.run(['sh', `${DISC_MOUNT}/metalk8s`, ...args], { check: false, ...options });
}

/** A drop-in of the host's owner: where a machine lacks CAP_SYS_RESOURCE, runc cannot lower a container's OOM score. */
const MACHINE_DROP_IN = '/etc/containerd/conf.d/machine.toml';
const OOM_SCORE = `version = 3\n[plugins.'io.containerd.cri.v1.runtime']\nrestrict_oom_score_adj = true\n`;

const OUT_OF_REACH = `[${VENDOR_REPOSITORY}]\nname=Out of reach\nbaseurl=https://192.0.2.10/BaseOS/\nenabled=1\n`;
