#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const program = new URL('../dist/metalk8s.js', import.meta.url);

if (existsSync(program)) {
  const { main } = await import(program.href);
  const { env, exit, stdout, stderr } = process;
  const openStdin = () => process.stdin;
  process.exitCode = await main({
    argv: process.argv.slice(2),
    env,
    openStdin,
    stdout,
    stderr,
    signals: process,
    exit,
  });
  // The process ends by itself: process.exit() may hang for good when V8 compiles in the background (nodejs/node#54918). It is for what
  // would hold the process otherwise, a connection kept open say.
  setTimeout(exit, 1000).unref();
} else {
  process.stderr.write(`${fileURLToPath(program)} is missing. In a source tree, make it with: npm run build\n`);
  process.exitCode = 1;
}
