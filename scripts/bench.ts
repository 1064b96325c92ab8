import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** `node scripts/bench.ts [NAME…]`: runs the programs of test/bench, or the named ones, one after another. */
const directory = join(import.meta.dirname, '../test/bench');
const wanted = process.argv.slice(2);
const known = (await readdir(directory))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length));
const unknown = wanted.filter((name) => !known.includes(name));

if (unknown.length > 0) {
  process.stderr.write(`no such bench: ${unknown.join(', ')}; there are ${known.join(', ')}\n`);
  process.exitCode = 2;
} else {
  await execa('node', ['scripts/build.ts'], { preferLocal: true, stdio: 'inherit' });
  for (const name of wanted.length > 0 ? wanted : known) {
    process.stdout.write(`\n== bench ${name}\n`);
    const result = await execa('node', [join(directory, `${name}.ts`)], {
      preferLocal: true,
      stdio: 'inherit',
      reject: false,
    });
    if (result.failed) process.exitCode = 1;
  }
}
