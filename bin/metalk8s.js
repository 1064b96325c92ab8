#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const program = new URL('../dist/metalk8s.js', import.meta.url);

if (existsSync(program)) {
  const { main } = await import(program.href);
  const { env, stdout, stderr } = process;
  process.exit(await main({ argv: process.argv.slice(2), env, stdout, stderr, signals: process }));
} else {
  process.stderr.write(`${fileURLToPath(program)} is missing. In a source tree, make it with: npm run build\n`);
  process.exitCode = 1;
}
