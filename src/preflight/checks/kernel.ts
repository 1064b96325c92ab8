import { listed } from '../../events/words.ts';
import { calicoModules, networkModules, nodeKernelOptions, nodeKernelOptionsV2 } from '../../facts/node-kernel.ts';
import type { Check } from '../check.ts';
import { isOlder, readKernelRelease } from '../kernel-release.ts';

/** Of Enterprise Linux 8, with what its maker has put in since. */
const OLDEST_KERNEL = [4, 18] as const;

const kernelVersion: Check = {
  name: 'kernel-version',
  title: 'version of the kernel',
  why: 'containers, their network and the kubelet use what older kernels do not have',
  mend: `Update the kernel to ${OLDEST_KERNEL.join('.')} or later, then start the host anew.`,
  severity: 'error',
  inspect({ host: { kernel } }) {
    const release = readKernelRelease(kernel.release);
    if (release === undefined) return [{ found: `the kernel says that it is ${JSON.stringify(kernel.release)}` }];
    return isOlder(release, OLDEST_KERNEL) ? [{ found: `the kernel is ${kernel.release}` }] : [];
  },
};

/** Red Hat's bug 1507149: mended in 3.10.0-1075, and in 7.7 as of 3.10.0-1062.4.1. */
const MENDED_EL7 = [3, 10, 0, 1062, 4, 1] as const;
/** Groups were still seen to stay behind with 8.2 (kubernetes/kubernetes#95792); Linux 5.3 gives them up. */
const LATER_THAN_EL8 = [4, 18, 0, 194] as const;

const kernelMemoryAccounting: Check = {
  name: 'kernel-memory-accounting',
  title: 'kernels that lose memory of the kernel with each container (cgroup.memory)',
  why: 'groups of ended containers are never freed: after weeks no container can be started, with "cannot allocate memory"',
  mend:
    'Update the kernel and start the host anew. Where it cannot be updated, start it with cgroup.memory=nokmem: ' +
    '`grubby --update-kernel=ALL --args=cgroup.memory=nokmem`, then a reboot.',
  severity: 'error',
  inspect({ host: { kernel } }) {
    const release = readKernelRelease(kernel.release);
    const accounts = !/(?:^|\s)cgroup\.memory=\S*\bnokmem\b/.test(kernel.commandLine);
    if (release === undefined || !accounts) return [];
    const found = `the kernel is ${kernel.release}`;
    if (release.enterpriseLinux === 7 && isOlder(release, MENDED_EL7)) return [{ found }];
    if (release.enterpriseLinux !== 8 || !isOlder(release, LATER_THAN_EL8)) return [];
    return [{ found: `${found}, of Enterprise Linux 8.2 or before`, severity: 'warning' }];
  },
};

const kernelConfiguration: Check = {
  name: 'kernel-configuration',
  title: 'what the kernel was built with',
  why: 'containers cannot be kept apart, or not limited, without it',
  mend: 'Use a kernel of the distribution.',
  severity: 'error',
  inspect({ host: { kernel, cgroup } }) {
    const { configuration } = kernel;
    if (configuration === null) {
      const found = 'the host does not tell how its kernel was built';
      return [
        { found, severity: 'warning', mend: 'See whether /boot/config-$(uname -r) or /proc/config.gz is there.' },
      ];
    }
    const required = [...nodeKernelOptions, ...(cgroup.version === 2 ? nodeKernelOptionsV2 : [])];
    const missing = required.filter((name) => configuration[name] === 'n');
    if (missing.length === 0) return [];
    const names = listed(missing.map((name) => `CONFIG_${name}`));
    return [{ found: `the kernel was built without ${names}` }];
  },
};

const overlay: Check = {
  name: 'overlay',
  title: 'support of the kernel for overlay file systems',
  why: 'containerd puts the layers of images one over another by it; without, no container starts',
  mend: 'Use a kernel of the distribution, and see that /etc/modprobe.d does not forbid the module overlay.',
  severity: 'error',
  inspect({ host: { kernel } }) {
    const has = kernel.fileSystems.includes('overlay') || isThere(kernel.modules.overlay);
    return has ? [] : [{ found: 'the kernel knows no overlay file system, and has no module for it' }];
  },
};

const kernelModules: Check = {
  name: 'kernel-modules',
  title: 'modules of the kernel that the network of pods needs',
  why: 'packets between pods, and to Services, would not be filtered, changed or sent on',
  mend:
    'Install the rest of the kernel (`dnf install kernel-modules kernel-modules-extra`), and see that /etc/modprobe.d does not forbid them. ' +
    'After an update of the kernel, start the host anew: modules of the old one may be gone.',
  severity: 'error',
  inspect({ host: { kernel }, configuration }) {
    const wanted = [...networkModules, ...(configuration.networks.cni === 'calico' ? calicoModules : [])];
    const missing = wanted.filter((name) => kernel.modules[name] === 'missing');
    if (missing.length === 0) return [];
    return [{ found: `the kernel has no module ${listed(missing)}` }];
  },
};

function isThere(module: string | undefined): boolean {
  return module !== undefined && module !== 'missing';
}

const imageMounts: Check = {
  name: 'image-mounts',
  title: 'whether the kernel mounts ISO images',
  why: 'archives are taken apart into files instead, which takes their size once more on the disk, and some minutes',
  mend: 'Nothing needs to be done where there is room. Otherwise see to it that the modules loop and isofs can be loaded.',
  severity: 'warning',
  inspect: ({ host }) => (host.mountsImages ? [] : [{ found: 'the kernel has no loop devices, or knows no ISO 9660' }]),
};

export const kernelChecks = [
  kernelVersion,
  kernelMemoryAccounting,
  kernelConfiguration,
  overlay,
  kernelModules,
  imageMounts,
] as const;
