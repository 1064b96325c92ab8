import { spawn } from 'node:child_process';
import { onHost } from './host-root.ts';
import type { StaticPod } from './kubelet-double.ts';
import type { SandboxHost, SandboxRequest } from './protocol.ts';

interface Container {
  readonly root: string;
  readonly host: SandboxHost;
  readonly pod: StaticPod;
  readonly request: SandboxRequest;
}

/** Runs the command of a static pod as a process on its host, until the sandbox ends. */
export function runStaticPod({ root, host, pod, request }: Container): void {
  const first = host === request.hosts[0];
  const command = pod.spec.containers[0]?.command ?? [];
  const own = pod.metadata.name === 'etcd' ? inSharedNetwork(command, first) : command;
  const child = spawn('unshare', onHost(root, host, own, request.programs.length), {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lastWords: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => lastWords.splice(0, lastWords.length - 20, chunk.toString()));
  child.once('exit', (code) => {
    process.stderr.write(`${pod.metadata.name} on ${host.name} ended with ${code}\n${lastWords.join('')}\n`);
  });
}

/**
 * All hosts share one network namespace. So only the first host's etcd listens on the loopback address, and each uses its
 * own address as the source of its connections, since members compare that with the names in certificates.
 */
export function inSharedNetwork(command: readonly string[], first: boolean): string[] {
  const others = command.filter((argument) => !argument.startsWith('--feature-gates='));
  const gates = command.find((argument) => argument.startsWith('--feature-gates='))?.split(/=(.*)/)[1];
  const withGate = [...others, `--feature-gates=${[gates, 'SetMemberLocalAddr=true'].filter(Boolean).join(',')}`];
  return first ? withGate : withGate.map(withoutLoopback).filter((argument) => !argument.endsWith('='));
}

function withoutLoopback(argument: string): string {
  const [name, value] = argument.split('=', 2);
  if (!name?.startsWith('--listen-') || value === undefined) return argument;
  const urls = value.split(',').filter((url) => !url.includes('//127.0.0.1:'));
  return `${name}=${urls.join(',')}`;
}
