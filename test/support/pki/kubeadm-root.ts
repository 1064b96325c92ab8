import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import type { PkiNode } from '../../../src/kubernetes/pki/pki-node.ts';
import { binaries } from '../release/binaries.ts';

/** A directory that plays the root of a host; kubeadm sees nothing outside of it, so that the machine stays untouched. */
export interface KubeadmRoot {
  readonly directory: string;
  /** Runs the real kubeadm in it, with its configuration; its output, or an error with it. */
  kubeadm(...command: string[]): Promise<string>;
  /** Content, mode and owner of every file by path, but for kubeadm itself and its configuration. */
  snapshot(): Promise<ReadonlyMap<string, string>>;
  remove(): Promise<void>;
}

const PROGRAM = 'kubeadm';
const CONFIGURATION = 'kubeadm.yaml';

/** A new root with kubeadm of a version and the configuration that says of a node what we say of it. */
export async function kubeadmRoot(
  node: PkiNode,
  { version, certSans = [] }: { version: string; certSans?: readonly string[] },
): Promise<KubeadmRoot> {
  const directory = await mkdtemp(join(tmpdir(), 'metalk8s-pki-'));
  const programs = await binaries({ name: 'kubeadm', version }, () => undefined);
  await cp(join(programs, PROGRAM), join(directory, PROGRAM));
  await writeFile(join(directory, CONFIGURATION), configuration(node, { version, certSans }));
  return {
    directory,
    async kubeadm(...command) {
      const args = [directory, `/${PROGRAM}`, ...command, '--config', `/${CONFIGURATION}`];
      const { all } = await execa('chroot', args, { all: true });
      return all;
    },
    async snapshot() {
      const found = await readdir(directory, { recursive: true, withFileTypes: true });
      const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      const own = files.map((path) => path.slice(directory.length)).filter((path) => path.indexOf('/', 1) !== -1);
      return new Map(
        await Promise.all(own.sort().map(async (path) => [path, await describeFile(join(directory, path))] as const)),
      );
    },
    remove: () => rm(directory, { recursive: true }),
  };
}

async function describeFile(path: string): Promise<string> {
  const { mode, uid, gid } = await stat(path);
  return `${(mode & 0o7777).toString(8)} ${uid}:${gid}\n${await readFile(path, 'utf8')}`;
}

function configuration(
  { nodeName, advertiseAddress, cluster }: PkiNode,
  { version, certSans }: { version: string; certSans: readonly string[] },
): string {
  const apiVersion = 'kubeadm.k8s.io/v1beta4';
  return [
    {
      apiVersion,
      kind: 'InitConfiguration',
      localAPIEndpoint: { advertiseAddress },
      nodeRegistration: { name: nodeName, criSocket: 'unix:///run/containerd/containerd.sock' },
    },
    {
      apiVersion,
      kind: 'ClusterConfiguration',
      kubernetesVersion: `v${version}`,
      clusterName: cluster.clusterName,
      controlPlaneEndpoint: cluster.controlPlaneEndpoint,
      encryptionAlgorithm: cluster.keyAlgorithm,
      networking: { serviceSubnet: cluster.serviceSubnets.join(','), dnsDomain: cluster.dnsDomain },
      apiServer: { certSANs: certSans },
    },
  ]
    .map((document) => stringify(document))
    .join('---\n');
}
