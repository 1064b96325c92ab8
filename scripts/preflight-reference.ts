import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { allChecks, checkTopics } from '../src/preflight/all-checks.ts';
import type { Check } from '../src/preflight/check.ts';
import { provokedChecks } from '../test/support/preflight/provoked-faults.ts';
import { unprovoked } from '../test/support/preflight/unprovoked.ts';
import { markdownTable } from './markdown-table.ts';

/** Where the reference lies, from the root of the repository. */
export const preflightReferencePath = 'docs/reference/preflight.md';

/** Every check, from the code that judges, and what was done to a real host to have it fail. */
export function preflightReference(): string {
  const provoked = allChecks.filter(({ name }) => provokedChecks.has(name));
  const others = allChecks.filter(({ name }) => !provokedChecks.has(name));
  return `# Preflight: what a host is judged by

<!-- Made by \`node scripts/preflight-reference.ts\`; a test tells when it is out of date. -->

\`metalk8s preflight\` looks at the host it runs on and tells everything that is wrong at once, with why it matters and how to mend it. It
changes nothing; a file without a name is written for a moment, to measure the disk of etcd, and the launcher of a disc keeps a copy of the
runtime. \`metalk8s bootstrap\` does the same before it changes anything, and ends with exit status 4 when there is an error. A warning stops nothing.

An error that you know better is ignored by its name: \`--ignore-preflight-errors firewalld,noexec\`. There is no name for all. Checks marked
with † cannot be ignored: going on would destroy something. Those marked with ° are not made where a run of metalk8s was begun, as what they
find may be its own.

${checkTopics.map(({ topic, checks }) => `## ${topic}\n\n${checks.map(section).join('\n')}`).join('\n')}
## Shown on a real host

The ${provoked.length} checks below were made to fail on the double of Enterprise Linux 9, by what stands beside them
(\`test/e2e/preflight.test.ts\`). All fail in tests on facts as hosts tell them (\`test/preflight\`).

${markdownTable(
  ['Check', 'What was done'],
  provoked.map(({ name }) => [`\`${name}\``, provokedChecks.get(name) ?? '']),
)}

The other ${others.length} were not:

${markdownTable(
  ['Check', 'Why not'],
  others.map(({ name }) => [`\`${name}\``, unprovoked[name] ?? '']),
)}
`;
}

function section({ name, title, why, mend, severity, onlyFresh, cannotBeIgnored }: Check): string {
  const marks = `${cannotBeIgnored === undefined ? '' : ' †'}${onlyFresh === true ? ' °' : ''}`;
  return `### ${name}${marks}

${title.charAt(0).toUpperCase()}${title.slice(1)}. ${severity === 'error' ? 'An error' : 'A warning'}${cannotBeIgnored === undefined ? '' : ` that cannot be ignored: ${cannotBeIgnored}`}.

- Why: ${why}.
- Mend: ${mend}
`;
}

if (import.meta.main) {
  const path = join(import.meta.dirname, '..', preflightReferencePath);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, preflightReference());
  process.stdout.write(`${preflightReferencePath} is written\n`);
}
