import { spawn } from 'node:child_process';
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import type { Pod } from '../../../../src/kubernetes/static-pods/pod.ts';
import { ARCHIVES_DIRECTORY } from '../../../../src/kubernetes/static-pods/registry.ts';
import { ensurePki } from '../../../../src/pki/ensure-pki.ts';
import { command } from '../../kubeadm/sandbox/command.ts';
import { makeHostRoot, onHost } from '../../kubeadm/sandbox/host-root.ts';
import { setUpNetwork } from '../../kubeadm/sandbox/network.ts';
import type { SandboxHost, SandboxRequest } from '../../kubeadm/sandbox/protocol.ts';
import { rootedStore } from '../../pki/rooted-store.ts';
import type { OnNode } from './node-module.ts';
import type { NodeCommand, NodeCommandResult, NodeProgram, NodeRequest, NodeResult } from './protocol.ts';
import { runPod, type SandboxNode } from './run-pod.ts';

/** Covered by a tmpfs in this mount namespace. */
const BASE = '/run';
/** No command takes so long; one that hangs is ended. */
const COMMAND_SECONDS = '60';
/** A user as the package of a host has it. */
const ETCD = 998;

/** Makes a node of what was rendered and runs its static pods, each as the kubelet would, then what was asked. Needs namespaces of its own. */
export async function runNode(request: NodeRequest): Promise<NodeResult> {
  await command('mount', '-t', 'tmpfs', '-o', 'mode=0755', 'tmpfs', BASE);
  await setUpNetwork(request.addresses);
  const host: SandboxHost = { name: request.hostname, nodeName: request.hostname, command: [], files: {} };
  const sandbox: SandboxRequest = {
    programs: request.programs,
    decoder: '',
    addresses: request.addresses,
    hostsFile: [],
    run: [],
    hosts: [host],
  };
  const node: SandboxNode = {
    root: join(BASE, 'host'),
    containers: join(BASE, 'containers'),
    host,
    sandbox,
    address: request.addresses[0]?.split('/')[0] ?? '',
  };
  await makeHostRoot(node.root, host, sandbox);
  await showCgroups(node.root);
  await writeNode(node.root, request);
  const started = performance.now();
  for (const name of request.pods) {
    const manifest = request.files.manifests.find(({ path }) => path.endsWith(`/${name}.yaml`));
    await runPod(parse(manifest?.content ?? '') as Pod, node);
  }
  const healthyAfterMs = Math.round(performance.now() - started);
  const listening = await listeningSockets();
  const commands: Record<string, NodeCommandResult> = {};
  for (const one of request.commands) commands[one.name] = await runCommand(one, node);
  return { listening, commands, healthyAfterMs };
}

/** Only which version the machine has, which the kubelet asks first: nothing below it is reached. */
async function showCgroups(root: string): Promise<void> {
  const target = join(root, 'sys/fs/cgroup');
  await mkdir(target, { recursive: true });
  await command('mount', '--bind', '/sys/fs/cgroup', target);
  await command('mount', '-o', 'remount,bind,ro', target);
}

async function writeNode(root: string, { files, pki }: NodeRequest): Promise<void> {
  for (const { path, mode, user } of files.directories) {
    await mkdir(join(root, path), { recursive: true, mode });
    if (user === 'etcd') await chown(join(root, path), ETCD, ETCD);
  }
  await ensurePki(pki, { store: rootedStore(root), now: new Date(), renewWithinDays: 90 });
  for (const { path, mode, content } of [...files.files, ...files.manifests]) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content, { mode });
  }
  // The folder that archives are mounted in.
  await mkdir(join(root, ARCHIVES_DIRECTORY), { recursive: true });
}

async function listeningSockets(): Promise<NodeResult['listening']> {
  const lines = (await command('ss', '-H', '-l', '-t', '-n', '-p')).trim().split('\n');
  return lines.map((line) => {
    const [, address = '', port = ''] = /^\S+\s+\S+\s+\S+\s+(\S+):(\d+)\s/.exec(line) ?? [];
    return { address, port: Number(port), program: /users:\(\("([^"]+)"/.exec(line)?.[1] ?? '' };
  });
}

async function runCommand(one: NodeCommand, node: SandboxNode): Promise<NodeCommandResult> {
  if ('argv' in one) return runProgram(one, node);
  const { onNode } = (await import(one.module)) as { onNode: OnNode<unknown, unknown> };
  return onNode(one.input, rootedStore(node.root)).then(
    (output) => ({ code: 0, stdout: JSON.stringify(output), stderr: '' }),
    (error: Error) => ({ code: 1, stdout: '', stderr: error.stack ?? error.message }),
  );
}

function runProgram({ argv, input = '' }: NodeProgram, node: SandboxNode): Promise<NodeCommandResult> {
  const words = ['timeout', '--signal=KILL', COMMAND_SECONDS, ...argv];
  const child = spawn('unshare', onHost(node.root, node.host, words, node.sandbox.programs.length));
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    output.stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output.stderr += chunk.toString();
  });
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...output }));
  });
}
