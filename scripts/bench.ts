import { execa } from 'execa';
import { namedPrograms, runPrograms } from './run-programs.ts';

/** `node scripts/bench.ts [NAME…]`: runs the programs of test/bench, or the named ones, one after another. */
const benches = { folder: 'test/bench', kind: 'bench' };
const names = await namedPrograms(benches, process.argv.slice(2));

if (names === undefined) {
  process.exitCode = 2;
} else {
  await execa('node', ['scripts/build.ts'], { preferLocal: true, stdio: 'inherit' });
  if (!(await runPrograms(benches, names))) process.exitCode = 1;
}
