import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

interface Kubeconfig {
  clusters: { cluster: { server: string; 'certificate-authority-data': string } }[];
  users: { user: { 'client-certificate-data'?: string; 'client-key-data'?: string; token?: string } }[];
}

/** The parts of a static pod that are looked at. */
export interface StaticPod {
  metadata: { name: string; labels: Record<string, string>; annotations?: Record<string, string> };
  spec: { containers: { command: string[] }[] };
}

const CURRENT = 'var/lib/kubelet/pki/kubelet-client-current.pem';

/**
 * Does to the files of a host what a starting kubelet does, as far as kubeadm waits for it: with a bootstrap kubeconfig it
 * gets itself a kubelet.conf; with a kubelet.conf that holds a certificate it copies that to where it will rotate it.
 */
export async function obtainCredentials(root: string): Promise<void> {
  if (await exists(join(root, CURRENT))) return;
  const kubeletConf = join(root, 'etc/kubernetes/kubelet.conf');
  await mkdir(join(root, 'var/lib/kubelet/pki'), { recursive: true });
  if (await exists(kubeletConf)) {
    const user = (await readKubeconfig(kubeletConf)).users[0]?.user;
    const parts = [user?.['client-certificate-data'], user?.['client-key-data']];
    await writeFile(join(root, CURRENT), parts.map((part) => Buffer.from(part ?? '', 'base64')).join(''), {
      mode: 0o600,
    });
    return;
  }
  // No certificate is signed here: the bootstrap token itself serves from now on, and nothing of this file is golden data.
  const bootstrap = await readKubeconfig(join(root, 'etc/kubernetes/bootstrap-kubelet.conf'));
  await writeFile(kubeletConf, stringify(bootstrap), { mode: 0o600 });
}

/** The static pods that lie on the host, by name. */
export async function staticPods(root: string): Promise<Map<string, StaticPod>> {
  const folder = join(root, 'etc/kubernetes/manifests');
  const names = await readdir(folder).catch(() => []);
  const pods = await Promise.all(
    names.map(async (name) => parse(await readFile(join(folder, name), 'utf8')) as StaticPod),
  );
  return new Map(pods.map((pod) => [pod.metadata.name, pod]));
}

/** The value of `--name=value` in a static pod's command. */
export function flag(pod: StaticPod, name: string): string | undefined {
  const prefix = `--${name}=`;
  return pod.spec.containers[0]?.command.find((argument) => argument.startsWith(prefix))?.slice(prefix.length);
}

async function readKubeconfig(path: string): Promise<Kubeconfig> {
  return parse(await readFile(path, 'utf8')) as Kubeconfig;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
