import { openArchive } from '../archive/open-archive.ts';
import { readContents } from '../archive/read-contents.ts';
import { summariseArchive } from '../disc/summarise-archive.ts';
import { errorCodes } from '../errors/error-codes.ts';
import type { CommandDefinition } from './command.ts';
import { type InspectReport, inspectText } from './inspect-text.ts';
import type { CommandOptions } from './option.ts';
import { writeData } from './output.ts';
import { resolveOptions, resolveOwnOptions } from './resolve-options.ts';

const options = ['output', 'noColor'] as const;

const ownOptions = {
  packages: { type: 'switch', flags: '--packages', help: 'list every package, not only how many', default: false },
} as const satisfies CommandOptions;

export const inspect: CommandDefinition = {
  description:
    'Shows what an archive carries: versions, components, images, packages, upstream files, and what takes how much room. Takes an ISO file, a ' +
    'device, a mounted ISO or a folder with the same content. Nothing is verified: what it says of its signature anybody may have written. Ends ' +
    `with exit status ${errorCodes.VERIFICATION_FAILED.exit} for what is no archive of metalk8s, or one that contradicts itself.`,
  options,
  ownOptions,
  configure: (command) => command.argument('<archive>', 'an ISO file, a device, or the folder where one is mounted'),
  examples: [
    { command: 'metalk8s inspect metalk8s-136.0.0.iso', what: 'for people' },
    { command: 'metalk8s inspect /mnt --packages', what: 'with every package of a mounted ISO' },
    { command: 'metalk8s inspect new.iso -o json', what: 'everything, for programs' },
  ],
  async run(context, { args: [path = ''], flags }) {
    const { output } = resolveOptions(options, { flags, env: context.env });
    const { packages } = resolveOwnOptions(ownOptions, { flags, env: context.env });
    const data = await reportOf(path, context.stop);
    await writeData(context, { data, format: output, text: (report) => inspectText(report, { packages }) });
    return 0;
  },
};

async function reportOf(path: string, stop: AbortSignal): Promise<InspectReport> {
  const archive = await openArchive(path);
  try {
    const imageSize = archive.kind === 'image' ? (archive.size ?? null) : null;
    return { archive: path, imageSize, ...summariseArchive(await readContents(archive, stop)) };
  } finally {
    await archive.close();
  }
}
