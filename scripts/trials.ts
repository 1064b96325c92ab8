import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { beginTestRun, endTestRun } from '../test/support/test-run.ts';

/** `node scripts/trials.ts [NAME…]`: runs the programs of test/trials, or the named ones: the long forms of what tests show in short. */
const directory = join(import.meta.dirname, '../test/trials');
const wanted = process.argv.slice(2);
const known = (await readdir(directory))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length));
const unknown = wanted.filter((name) => !known.includes(name));

if (unknown.length > 0) {
  process.stderr.write(`no such trial: ${unknown.join(', ')}; there are ${known.join(', ')}\n`);
  process.exitCode = 2;
} else {
  const run = await beginTestRun();
  // The terminal sends Ctrl-C to the trial as well; it ends by itself.
  process.on('SIGINT', () => {});
  for (const name of wanted.length > 0 ? wanted : known) {
    process.stdout.write(`\n== trial ${name}\n`);
    const program = join(directory, `${name}.ts`);
    const result = await execa('node', [program], {
      preferLocal: true,
      stdio: 'inherit',
      env: run.environment,
      reject: false,
    });
    if (result.failed) process.exitCode = 1;
    process.stdout.write(`== trial ${name}: ${result.failed ? 'failed' : 'ok'}\n`);
  }
  const left = await endTestRun(run);
  if (left.length > 0) {
    process.stdout.write(`left behind: ${left.join(', ')}\n`);
    process.exitCode = 1;
  }
}
