import type { TestHost } from '../hosts/host.ts';
import { containerdConfiguration } from './containerd-configuration.ts';
import { DISC, type DiscContent, repositoryFile } from './disc-content.ts';

/** Modules and settings that Kubernetes' documentation asks of a node; the settings are the host's own network namespace's. */
const MODULES = ['overlay', 'br_netfilter'];
const SETTINGS = ['net.bridge.bridge-nf-call-iptables=1', 'net.ipv4.ip_forward=1'];

/**
 * Makes a host ready for kubeadm, with nothing but the release on the disc that was put in: packages by dnf with both signature
 * checks, containerd running, images imported.
 */
export async function installNode(host: TestHost, disc: DiscContent): Promise<void> {
  await host.write('/etc/yum.repos.d/test-release.repo', repositoryFile(disc));
  const packages = ['containerd.io', 'kubelet', 'kubeadm', 'kubectl'];
  await host.run(['dnf', 'install', '--assumeyes', '--quiet', '--setopt=install_weak_deps=False', ...packages]);
  await host.write('/etc/modules-load.d/kubernetes.conf', `${MODULES.join('\n')}\n`);
  await host.write('/etc/sysctl.d/60-kubernetes.conf', `${SETTINGS.join('\n')}\n`);
  await host.run({
    script: `modprobe --all ${MODULES.join(' ')}; sysctl --quiet --load=/etc/sysctl.d/60-kubernetes.conf`,
  });
  await host.write('/etc/containerd/config.toml', containerdConfiguration(disc.pauseImage));
  await host.run(['systemctl', 'enable', '--quiet', '--now', 'containerd.service']);
  await host.run(['systemctl', 'enable', '--quiet', 'kubelet.service']);
  await host.run(['ctr', '--namespace', 'k8s.io', 'images', 'import', '--no-unpack', `${DISC}/${disc.imageArchive}`]);
}
