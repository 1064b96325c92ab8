import { createServer } from 'node:http';
import { join } from 'node:path';
import { command } from './command.ts';
import { createControlPlane } from './control-plane.ts';
import { makeHostRoot } from './host-root.ts';
import { setUpNetwork } from './network.ts';
import type { HostRecord, SandboxRequest, SandboxResult } from './protocol.ts';
import { readHeld } from './read-held.ts';
import { runKubeadm } from './run-kubeadm.ts';

/** Covered by a tmpfs in this mount namespace; nothing of the machine's own /run is needed here. */
const BASE = '/run';

/** Runs kubeadm on each host of the request in turn, and tells what it did. Needs namespaces of its own. */
export async function runSandbox(request: SandboxRequest): Promise<SandboxResult> {
  await command('mount', '-t', 'tmpfs', '-o', 'mode=0755', 'tmpfs', BASE);
  await setUpNetwork(request.addresses);
  await serveKubeletHealth();
  const controlPlane = createControlPlane(request);
  const hosts: HostRecord[] = [];
  for (const host of request.hosts) {
    const root = join(BASE, 'hosts', host.name);
    await makeHostRoot(root, host, request);
    hosts.push(await runKubeadm({ root, host, request, controlPlane }));
  }
  const first = request.hosts[0];
  const real = request.run.includes('kube-apiserver') && first !== undefined;
  return { hosts, held: real ? await readHeld(join(BASE, 'hosts', first.name)) : {} };
}

/** All hosts share one network namespace, so one answer serves for every kubelet. */
function serveKubeletHealth(): Promise<void> {
  const server = createServer((_request, response) => response.end('ok'));
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(10248, '127.0.0.1', resolve);
  });
}
