import { createInterface } from 'node:readline';
import type { SandboxRequest, SandboxResult } from './protocol.ts';
import { runSandbox } from './run-sandbox.ts';

/**
 * The first process of the namespaces that kubeadm runs in; started by `observe.ts`, never by hand.
 * Reads one SandboxRequest, writes one SandboxResult. It ends when its input closes: so when the program that started it is
 * gone, however that ended, the kernel ends everything in these namespaces and drops mounts and network with them.
 */
const input = createInterface({ input: process.stdin });
input.once('line', (line) => {
  const request = JSON.parse(line) as SandboxRequest;
  runSandbox(request).then(finish, fail);
});
input.once('close', () => process.exit(1));

function finish(result: SandboxResult): void {
  process.stdout.write(JSON.stringify(result), () => process.exit(0));
}

function fail(error: Error): void {
  process.stderr.write(`${error.stack ?? error.message}\n`, () => process.exit(1));
}
