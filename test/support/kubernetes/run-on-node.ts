import { execa } from 'execa';
import type { NodeRequest, NodeResult } from './sandbox/protocol.ts';

const PROGRAM = new URL('sandbox/main.ts', import.meta.url).pathname;

/**
 * Runs a node's static pods as processes, in mount, UTS, IPC, PID and network namespaces of their own with files in memory: the machine
 * stays as it is, and nothing is left, also when this process is killed. Throws with the last words of what failed.
 */
export async function runOnNode(request: NodeRequest): Promise<NodeResult> {
  const namespaces = ['--mount', '--uts', '--ipc', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const child = execa('unshare', [...namespaces, '--propagation', 'private', process.execPath, PROGRAM], {
    stdin: 'pipe',
    reject: false,
    maxBuffer: 64 * 1024 * 1024,
  });
  child.stdin.write(`${JSON.stringify(request)}\n`);
  const { failed, stdout, stderr } = await child;
  if (failed)
    throw new Error(`the sandbox of the node failed (root and unshare are needed):\n${stderr.slice(-20_000)}`);
  return JSON.parse(stdout) as NodeResult;
}
