import { execa } from 'execa';

/** What `npm run check` runs, all at once: types, lint and format, import arrows, unused code and dependencies. */
const checks: readonly (readonly [string, readonly string[]])[] = [
  ['types', ['tsc', '--noEmit']],
  ['lint', ['biome', 'check', '--error-on-warnings', '.']],
  [
    'arrows',
    ['depcruise', '--config', '.dependency-cruiser.mjs', '--output-type', 'err', 'src', 'bin', 'test', 'scripts'],
  ],
  ['dead code', ['knip', '--no-progress']],
];

const verdicts = await Promise.all(checks.map(([name, command]) => check(name, command)));
process.exitCode = verdicts.every(Boolean) ? 0 : 1;

async function check(name: string, [program = '', ...args]: readonly string[]): Promise<boolean> {
  const started = Date.now();
  const result = await execa(program, args, { preferLocal: true, all: true, reject: false });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  const verdict = result.failed ? `failed:\n${result.all}` : 'ok';
  process.stdout.write(`check ${name} (${seconds} s): ${verdict}\n`);
  return !result.failed;
}
