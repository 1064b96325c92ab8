import { beginTestRun, endTestRun } from '../test/support/test-run.ts';
import { namedPrograms, runPrograms } from './run-programs.ts';

/** `node scripts/trials.ts [NAME…]`: runs the programs of test/trials, or the named ones: the long forms of what tests show in short. */
const trials = { folder: 'test/trials', kind: 'trial' };
const names = await namedPrograms(trials, process.argv.slice(2));

if (names === undefined) {
  process.exitCode = 2;
} else {
  const run = await beginTestRun();
  // The terminal sends Ctrl-C to the trial as well; it ends by itself.
  process.on('SIGINT', () => {});
  if (!(await runPrograms({ ...trials, env: run.environment }, names))) process.exitCode = 1;
  const left = await endTestRun(run);
  if (left.length > 0) {
    process.stdout.write(`left behind: ${left.join(', ')}\n`);
    process.exitCode = 1;
  }
}
