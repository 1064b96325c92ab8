import { clean } from '../errors/clean.ts';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { CommandContext } from './command.ts';
import { write } from './write.ts';

export interface Output<Data> {
  readonly data: Data;
  readonly format: 'text' | 'json' | 'yaml';
  /** The data for people. Ends with a newline. */
  readonly text: (data: Data) => string;
}

/** Writes the data of a command to standard output, in the format that was asked for: the only thing that goes there. */
export async function writeData<Data>(context: CommandContext, { data, format, text }: Output<Data>): Promise<void> {
  const cleaned = clean(data, context.secrets);
  try {
    await write(context.stdout, format === 'text' ? text(cleaned) : await serialise(cleaned, format));
  } catch (cause) {
    throw new MetalK8sError('INTERNAL', 'the result could not be written to standard output', {
      cause,
      hint: 'Send standard output to a place with room, and run again.',
    });
  }
}

async function serialise(data: unknown, format: 'json' | 'yaml'): Promise<string> {
  if (format === 'json') return `${JSON.stringify(data, null, 2)}\n`;
  const { stringify } = await loadYaml();
  return stringify(data);
}

let yaml: Promise<typeof import('yaml')> | undefined;

function loadYaml(): Promise<typeof import('yaml')> {
  yaml ??= import('yaml');
  return yaml;
}

/** Loads beforehand what a format needs: for who removes the program before its data is written. */
export async function prepareFormat(format: Output<unknown>['format']): Promise<void> {
  if (format === 'yaml') await loadYaml();
}
