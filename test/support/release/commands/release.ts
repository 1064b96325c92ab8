import { parseArgs } from 'node:util';
import { testRelease } from '../release.ts';
import type { Subcommand } from './subcommand.ts';

/** Makes a whole release and prints where everything of it is. */
export const releaseCommand: Subcommand = {
  usage: 'release [--kubernetes VERSION]…',
  purpose: 'make packages, images and files from what the cache has and has not; print them as JSON',
  async run(args, report) {
    const options = { kubernetes: { type: 'string', multiple: true } } as const;
    const { values } = parseArgs({ args: [...args], options });
    const request = values.kubernetes ? { kubernetes: values.kubernetes } : {};
    process.stdout.write(`${JSON.stringify(await testRelease(request, report), undefined, 2)}\n`);
  },
};
