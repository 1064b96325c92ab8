import type { TestHost } from '../hosts/host.ts';
import { kubeadmConfiguration } from './kubeadm-configuration.ts';

const CONFIGURATION = '/etc/kubernetes/kubeadm.yaml';
const KUBECONFIG = '/etc/kubernetes/admin.conf';

/** The checks of kubeadm that the ground cannot satisfy: it has cgroup v1, and perhaps less memory or fewer processors per host. */
const IGNORED = '--ignore-preflight-errors=SystemVerification,NumCPU,Mem';

/** A cluster that the real kubeadm made on test hosts. */
export interface KubeadmCluster {
  /** Runs kubectl on the first node as administrator; returns what it prints. `input` is its standard input. */
  kubectl(args: readonly string[], input?: string): Promise<string>;
  /** Adds a worker whose packages and images are installed. */
  join(host: TestHost): Promise<void>;
}

/** `kubeadm init` on a host whose packages and images are installed. */
export async function initCluster(host: TestHost, kubernetes: string): Promise<KubeadmCluster> {
  const [advertiseAddress] = host.addresses;
  await host.write(CONFIGURATION, kubeadmConfiguration({ kubernetes, advertiseAddress }), 0o600);
  await host.run(['kubeadm', 'init', `--config=${CONFIGURATION}`, IGNORED]);
  return {
    kubectl: async (args, input) => {
      const command = ['kubectl', `--kubeconfig=${KUBECONFIG}`, ...args] as const;
      const { stdout } = await host.run(command, input === undefined ? {} : { input });
      return stdout;
    },
    join: async (worker) => {
      const { stdout } = await host.run(['kubeadm', 'token', 'create', '--print-join-command']);
      const [program = '', ...args] = stdout.trim().split(/\s+/);
      await worker.run([program, ...args, IGNORED]);
    },
  };
}
