import { join } from 'node:path';
import { type ApiServer, serveApi } from './api-server.ts';
import { callApi } from './call-api.ts';
import { startDecoder } from './decoder.ts';
import { flag, type StaticPod, staticPods } from './kubelet-double.ts';
import type { RequestRecord, SandboxHost, SandboxRequest } from './protocol.ts';
import { runStaticPod } from './run-static-pod.ts';

export interface ControlPlane {
  /** From now on writing requests belong to that host. */
  recordFor(host: SandboxHost): readonly RequestRecord[];
  /** Starts what lies in the host's manifest folder and does not run yet, and registers the node. */
  startPods(root: string, host: SandboxHost): Promise<void>;
}

const HEALTH_PORTS = [10257, 10259];

/** The static pods of all hosts: real programs where the request says so, else doubles that answer for them. */
export function createControlPlane(request: SandboxRequest): ControlPlane {
  let requests: RequestRecord[] = [];
  const decode = startDecoder(request.decoder);
  const api: ApiServer = { store: new Map(), decode, record: (entry) => requests.push(entry) };
  const running = new Set<string>();

  async function once(what: string, start: () => Promise<unknown>): Promise<void> {
    if (running.has(what)) return;
    running.add(what);
    await start();
  }

  async function startApi(root: string, pod: StaticPod): Promise<void> {
    const pki = join(root, 'etc/kubernetes/pki');
    const address = flag(pod, 'advertise-address') ?? '';
    await once(`api ${address}`, () => serveApi(api, pki, { address, port: Number(flag(pod, 'secure-port')) }));
    const balancer = request.loadBalancer;
    if (balancer) await once('load balancer', () => serveApi(api, pki, balancer));
  }

  return {
    recordFor() {
      requests = [];
      return requests;
    },
    async startPods(root, host) {
      const pods = await staticPods(root);
      const pki = join(root, 'etc/kubernetes/pki');
      for (const [name, pod] of pods) {
        if (isReal(request, name))
          await once(`${host.name} ${name}`, async () => runStaticPod({ root, host, pod, request }));
        else if (name === 'kube-apiserver') await startApi(root, pod);
      }
      if (pods.has('kube-scheduler')) {
        for (const port of HEALTH_PORTS) {
          await once(`health ${port}`, () => serveApi(api, pki, { address: '127.0.0.1', port }));
        }
      }
      const node = { kind: 'Node', apiVersion: 'v1', metadata: nodeMetadata(host), spec: {}, status: {} };
      await once(`${host.name} node`, async () => {
        if (isReal(request, 'kube-apiserver'))
          return callApi(root, 'kubelet.conf', { method: 'POST', path: '/api/v1/nodes', body: node });
        return api.store.set(`/api/v1/nodes/${host.nodeName}`, node);
      });
      for (const [name, pod] of pods) {
        const path = `/api/v1/namespaces/kube-system/pods/${name}-${host.nodeName}`;
        api.store.set(path, { ...pod, status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } });
      }
    },
  };
}

function nodeMetadata(host: SandboxHost): { name: string; labels: Record<string, string> } {
  return { name: host.nodeName, labels: { 'kubernetes.io/hostname': host.nodeName, 'kubernetes.io/os': 'linux' } };
}

function isReal(request: SandboxRequest, name: string): boolean {
  return (request.run as readonly string[]).includes(name);
}
