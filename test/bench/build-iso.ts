import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { median } from '../support/bench/median.ts';
import { secondsOf } from '../support/bench/seconds-of.ts';
import { secondsIn, stepTimes } from '../support/bench/step-times.ts';
import { buildGround } from '../support/build/build-ground.ts';
import { withSigner } from '../support/release/signing-key.ts';

/**
 * `build-iso` of the list that ships, from the test release, beside `cat` of the same bytes: from an empty cache once, with its steps told
 * apart; then in turns with everything in the cache, and with nothing to do.
 */
const REPEATS = 7;

const ground = await buildGround(say);
const directory = await mkdtemp(join(tmpdir(), 'mk8s-bench-'));
try {
  await withSigner(say, async ({ env, fingerprint }) => {
    const iso = join(directory, 'disc.iso');
    const copy = join(directory, 'copy.iso');
    const words = ['build-iso', '--mirrors', ground.mirrors, '--components', 'core,calico', '--output', iso];
    const build = (...more: readonly string[]) => {
      const argv = [...words, '--cache-dir', join(directory, 'cache'), '--signing-key', fingerprint, ...more];
      return execa(process.execPath, [ground.program, ...argv], { env, all: true });
    };

    const started = performance.now();
    const { stderr } = await build('--log-format', 'json');
    const cold = (performance.now() - started) / 1000;
    const { size } = await stat(iso);
    say(`${Math.round(size / 2 ** 20)} MiB; from an empty cache in ${cold.toFixed(1)} s, steps side by side:`);
    for (const step of stepTimes(stderr).values()) say(`  ${secondsIn(step).toFixed(1).padStart(6)} s  ${step.title}`);

    const rivals = {
      cat: () => execa('sh', ['-c', 'rm -f "$1"; cat "$0" > "$1"', iso, copy]),
      'everything in the cache': async () => {
        await rm(iso);
        return build();
      },
      'nothing to do': () => build(),
    };
    const times = Object.keys(rivals).map((): number[] => []);
    for (let repeat = 0; repeat < REPEATS; repeat++)
      for (const [index, run] of Object.values(rivals).entries()) times[index]?.push(await secondsOf(run));
    const [baseline = 1] = times.map(median);
    say(`median of ${REPEATS}`);
    for (const [index, name] of Object.keys(rivals).entries()) {
      const time = median(times[index] ?? []);
      say(`${name.padEnd(26)}${time.toFixed(2).padStart(7)} s${(time / baseline).toFixed(2).padStart(8)}`);
    }
  });
} finally {
  await rm(directory, { recursive: true, force: true });
  await ground.close();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
