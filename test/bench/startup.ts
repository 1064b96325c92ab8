import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { median } from '../support/bench/median.ts';

/**
 * How long the built program takes to start, against Node.js doing nothing. Runs are interleaved, so that a busy machine slows all alike.
 * Fails when a median is more than 2.5 times that of bare Node.js.
 */
const RUNS = 31;
const LIMIT = 2.5;

const program = join(import.meta.dirname, '../../bin/metalk8s.js');
const cases = [
  { name: 'node -e 0', args: ['-e', '0'] },
  { name: 'metalk8s --help', args: [program, '--help'] },
  { name: 'metalk8s version -o json', args: [program, 'version', '-o', 'json'] },
];

const times = cases.map((): number[] => []);
for (let run = 0; run < RUNS; run += 1) {
  for (const [index, { args }] of cases.entries()) times[index]?.push(measure(args));
}
const bare = median(times[0] ?? []);
const rows = cases.map(({ name }, index) => ({ name, ms: median(times[index] ?? []) }));

process.stdout.write(`median of ${RUNS} runs, Node.js ${process.version}\n`);
for (const { name, ms } of rows) {
  process.stdout.write(`${name.padEnd(26)}${ms.toFixed(1).padStart(7)} ms${(ms / bare).toFixed(2).padStart(7)}\n`);
}
if (rows.some(({ ms }) => ms > LIMIT * bare)) {
  process.stdout.write(`slower than ${LIMIT} times bare Node.js\n`);
  process.exitCode = 1;
}

function measure(args: readonly string[]): number {
  const started = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}`);
  return performance.now() - started;
}
