import { parseArgs } from 'node:util';
import { binaries } from '../binaries.ts';
import { DEFAULT_KUBERNETES } from '../pinned-modules.ts';
import { COMPONENT_NAMES, componentNamed } from '../recipes.ts';
import type { Subcommand } from './subcommand.ts';

/** Makes the binaries of some components, or of all, and prints their directories. */
export const binariesCommand: Subcommand = {
  usage: 'binaries [--kubernetes VERSION] [COMPONENT…]',
  purpose: 'build what the cache has not yet; print "component directory" lines',
  async run(args, report) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { kubernetes: { type: 'string', default: DEFAULT_KUBERNETES } },
      allowPositionals: true,
    });
    const names = positionals.length ? positionals : COMPONENT_NAMES;
    const components = names.map((name) => componentNamed(name, values.kubernetes));
    const directories = await Promise.all(components.map((component) => binaries(component, report)));
    for (const [index, directory] of directories.entries()) process.stdout.write(`${names[index]} ${directory}\n`);
  },
};
