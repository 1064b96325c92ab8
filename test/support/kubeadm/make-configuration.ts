import { stringify } from 'yaml';
import type { Document, OracleConfiguration, OracleHost } from './configuration.ts';
import { describeResult } from './describe-result.ts';
import type { Entries } from './entries.ts';
import { HOST_ADDRESSES, LOAD_BALANCER } from './hosts-network.ts';
import { observe } from './observe.ts';
import type { SandboxHost, SandboxRequest } from './sandbox/protocol.ts';

/** Programs that an observation needs. */
export interface OraclePrograms {
  /** Kubernetes release of kubeadm, such as `1.36.3`. */
  readonly version: string;
  /** The folder of kubeadm, and those of etcd and kube-apiserver where the configuration runs them. */
  readonly folders: readonly string[];
  /** The program made from decode.go. */
  readonly decoder: string;
}

const CONFIG = '/root/kubeadm.yaml';

/** Observes kubeadm making a cluster, and returns the golden data of that: path to text. Takes about 4 s. */
export async function makeConfiguration(
  configuration: OracleConfiguration,
  programs: OraclePrograms,
): Promise<Entries> {
  const request: SandboxRequest = {
    programs: programs.folders,
    decoder: programs.decoder,
    addresses: HOST_ADDRESSES,
    hostsFile: [`${LOAD_BALANCER.address} ${LOAD_BALANCER.name}`],
    loadBalancer: { address: LOAD_BALANCER.address, port: LOAD_BALANCER.port },
    run: configuration.run ?? [],
    hosts: configuration.hosts.map((host) => sandboxHost(host, programs.version)),
  };
  return describeResult(request, await observe(request));
}

/** Preflight stays out: it looks for a container runtime and at the machine, and writes nothing. */
function sandboxHost(host: OracleHost, version: string): SandboxHost {
  const init = host.documents.some(({ kind }) => kind === 'InitConfiguration');
  const command = [init ? 'init' : 'join', `--config=${CONFIG}`, '--skip-phases=preflight', ...(host.arguments ?? [])];
  const documents = host.documents.map((document) => withVersion(document, version));
  const files = { [CONFIG]: documents.map((document) => stringify(document)).join('---\n'), ...host.files };
  return { name: host.name, nodeName: host.nodeName ?? host.name, command, files };
}

/** Without a version kubeadm would ask the Internet for one. */
function withVersion(document: Document, version: string): Document {
  return document.kind === 'ClusterConfiguration' ? { ...document, kubernetesVersion: `v${version}` } : document;
}
