import { spawn } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlPlane } from './control-plane.ts';
import { onHost, SERVICE_CALLS } from './host-root.ts';
import { obtainCredentials } from './kubelet-double.ts';
import type { FileRecord, HostRecord, SandboxHost, SandboxRequest } from './protocol.ts';
import { changes, scanTree } from './scan-tree.ts';

interface Run {
  readonly root: string;
  readonly host: SandboxHost;
  readonly request: SandboxRequest;
  readonly controlPlane: ControlPlane;
}

/** A manifest is written within this time after it appeared. */
const WRITING_MS = 50;

/** Runs one host's kubeadm to its end, plays its kubelet meanwhile, and records what happened. Throws when kubeadm fails. */
export async function runKubeadm(run: Run): Promise<HostRecord> {
  const before = await scanTree(run.root);
  const service = watchService(run);
  const startedAt = Date.now();
  const requests = run.controlPlane.recordFor(run.host);
  const output = await kubeadm(run);
  const { calls, early } = await service.end();
  const after = await scanTree(run.root);
  const atKubeletStart = early.filter((file) => file.type === 'file' && after.get(file.path)?.content !== file.content);
  const files = changes(before, after);
  return { name: run.host.name, files, atKubeletStart, requests, serviceCalls: calls, output, startedAt };
}

function kubeadm({ root, host, request }: Run): Promise<string> {
  const args = onHost(root, host, ['kubeadm', ...host.command], request.programs.length);
  const child = spawn('unshare', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const output = Buffer.concat(chunks).toString();
      if (code === 0) resolve(output);
      else reject(new Error(`${host.name}: kubeadm ${host.command.join(' ')} exited with ${code}\n${output}`));
    });
  });
}

/**
 * Follows what kubeadm asks of the service manager. When it asks for the kubelet, the kubelet's double starts, and from then
 * on runs what is put into the manifest folder.
 */
function watchService(run: Run): { end(): Promise<{ calls: string[]; early: FileRecord[] }> } {
  const file = join(run.root, SERVICE_CALLS);
  const watchers = [watch(file, () => queue(read))];
  const calls: string[] = [];
  let early: FileRecord[] | undefined;
  let work = Promise.resolve();

  function queue(task: () => Promise<void>): Promise<void> {
    work = work.then(task);
    return work;
  }

  async function read(): Promise<void> {
    const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean);
    for (const line of lines.slice(calls.length)) {
      calls.push(line);
      if (/^(?:re)?start kubelet$/.test(line)) await startKubelet();
    }
  }

  async function startKubelet(): Promise<void> {
    if (early === undefined) {
      early = [...(await scanTree(run.root, '/etc/kubernetes')).values()];
      const manifests = join(run.root, 'etc/kubernetes/manifests');
      if (existsSync(manifests)) watchers.push(watch(manifests, () => queue(startPods)));
    }
    await obtainCredentials(run.root);
    await run.controlPlane.startPods(run.root, run.host);
  }

  async function startPods(): Promise<void> {
    await sleep(WRITING_MS);
    await run.controlPlane.startPods(run.root, run.host);
  }

  return {
    async end() {
      for (const watcher of watchers) watcher.close();
      await queue(read);
      return { calls: calls.filter((call) => !call.startsWith('status ')), early: early ?? [] };
    },
  };
}
