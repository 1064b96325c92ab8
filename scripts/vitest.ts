import { execa } from 'execa';
import { beginTestRun, endTestRun } from '../test/support/test-run.ts';

/** `node scripts/vitest.ts PROJECT [VITEST ARGUMENT…]`: one project of vitest.config.ts, for the loops of a developer. */
const [project = 'fast', ...rest] = process.argv.slice(2);

const run = await beginTestRun();
// The terminal sends Ctrl-C to vitest as well; it ends by itself.
process.on('SIGINT', () => {});
const result = await execa('vitest', ['run', '--project', project, ...rest], {
  preferLocal: true,
  stdio: 'inherit',
  env: run.environment,
  reject: false,
});
await endTestRun(run);
process.exitCode = result.exitCode ?? 1;
