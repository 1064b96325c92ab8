import { type FileHandle, open } from 'node:fs/promises';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { EffectiveConfiguration } from './configuration.types.ts';
import { decodeText, MAX_BYTES } from './decode-text.ts';
import { effectiveConfiguration } from './effective-configuration.ts';
import { type Finding, formatFinding } from './finding.ts';
import { validateText } from './validate-text.ts';

/** A valid configuration with defaults, and what its user should know. */
export type LoadedConfiguration = {
  readonly configuration: EffectiveConfiguration;
  readonly warnings: readonly Finding[];
};

/** Reads, checks and completes a configuration file. Throws CONFIG_INVALID with every finding when it is not valid. */
export async function loadConfiguration(file: string): Promise<LoadedConfiguration> {
  const validation = validateText(await readConfigurationText(file));
  if (validation.valid) {
    return { configuration: effectiveConfiguration(validation.configuration), warnings: validation.findings };
  }
  const lines = validation.findings.map((finding) => formatFinding(finding, file));
  throw new MetalK8sError('CONFIG_INVALID', ['the configuration is invalid', ...lines].join('\n'), {
    where: file,
    hint: 'Mend the lines named above. `metalk8s config validate` checks again, `metalk8s config print-defaults` shows a valid file.',
  });
}

/** Reads a configuration file as text, whatever it may hold. Throws CONFIG_INVALID when there is none, or no UTF-8 text of fitting size. */
export async function readConfigurationText(file: string): Promise<string> {
  const bytes = await readBytes(file);
  if (bytes.length > MAX_BYTES) {
    throw new MetalK8sError('CONFIG_INVALID', `the configuration has more than ${MAX_BYTES} bytes`, {
      where: file,
      hint: 'Is it the right file? A configuration with every field and comment has about 15 KiB.',
    });
  }
  const text = decodeText(bytes);
  if (text !== undefined) return text;
  throw new MetalK8sError('CONFIG_INVALID', 'the configuration is not UTF-8 text', {
    where: file,
    hint: 'Save it as UTF-8; `iconv -t UTF-8` converts a file.',
  });
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    const handle = await open(file);
    return await readAtMost(handle, MAX_BYTES + 1).finally(() => handle.close());
  } catch (cause) {
    throw new MetalK8sError('CONFIG_INVALID', 'the configuration cannot be read', {
      where: file,
      cause,
      hint: hintFor(cause, file),
    });
  }
}

function hintFor(cause: unknown, file: string): string {
  const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
  return missing
    ? `Name the file with --config, or write one to start from: metalk8s config print-defaults > ${file}`
    : 'Name a file that this user may read with --config.';
}

/** Reads to the end or the limit, whichever is first, because the file may be a device without an end. */
async function readAtMost(handle: FileHandle, limit: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(limit);
  let length = 0;
  while (length < limit) {
    const { bytesRead } = await handle.read(buffer, length, limit - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}
