import { createInterface } from 'node:readline';
import type { NodeRequest } from './protocol.ts';
import { runNode } from './run-node.ts';

/**
 * The first process of the namespaces that a node's programs run in; started by `run-on-node.ts`, never by hand. It ends when its input
 * closes, and the kernel ends with it everything that it started.
 */
const input = createInterface({ input: process.stdin });
input.once('line', (line) => {
  runNode(JSON.parse(line) as NodeRequest).then(
    (result) => process.stdout.write(JSON.stringify(result), () => process.exit(0)),
    (error: Error) => process.stderr.write(`${error.stack ?? error.message}\n`, () => process.exit(1)),
  );
});
input.once('close', () => process.exit(1));
