import { execa } from 'execa';
import type { SandboxRequest, SandboxResult } from './sandbox/protocol.ts';

const PROGRAM = new URL('sandbox/main.ts', import.meta.url).pathname;

/**
 * Runs kubeadm as the request says, in mount, UTS, IPC, PID and network namespaces of its own with a file system in memory:
 * the machine stays as it is, and nothing is left, also when this process is killed. Throws with kubeadm's output when it fails.
 */
export async function observe(request: SandboxRequest): Promise<SandboxResult> {
  const namespaces = ['--mount', '--uts', '--ipc', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const child = execa('unshare', [...namespaces, '--propagation', 'private', process.execPath, PROGRAM], {
    stdin: 'pipe',
    reject: false,
    maxBuffer: 256 * 1024 * 1024,
  });
  child.stdin.write(`${JSON.stringify(request)}\n`);
  const { failed, stdout, stderr } = await child;
  if (failed) throw new Error(`the sandbox for kubeadm failed (root and unshare are needed):\n${stderr.slice(-8000)}`);
  return JSON.parse(stdout) as SandboxResult;
}
