import { type FileHandle, open } from 'node:fs/promises';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { decodeText } from './decode-text.ts';
import type { DocumentType } from './document-type.ts';
import { type Finding, formatFinding } from './finding.ts';
import { type Validation, validateDocument } from './validate-document.ts';

/** Reads and checks a file of some type. Throws an error of the type's code, with every finding, when it is not valid. */
export async function loadDocument(file: string, type: DocumentType): Promise<Validation & { readonly valid: true }> {
  const validation = validateDocument(await readText(file, type), type);
  if (!validation.valid) throw invalidDocument(file, type, validation.findings);
  return validation;
}

/** The error that tells what was found in a file. */
export function invalidDocument(
  file: string,
  { code, name, hints }: DocumentType,
  findings: readonly Finding[],
): MetalK8sError {
  const lines = findings.map((finding) => formatFinding(finding, file));
  return new MetalK8sError(code, [`the ${name} is invalid`, ...lines].join('\n'), { where: file, hint: hints.invalid });
}

/** Reads a file as text, whatever it may hold. Throws when there is none, or no UTF-8 text of fitting size. */
export async function readText(file: string, type: DocumentType): Promise<string> {
  const { code, name, limits, hints } = type;
  // No UTF-8 text with the greatest number of characters has more bytes.
  const limit = limits.characters * 3;
  const bytes = await readBytes(file, limit + 1, type);
  if (bytes.length > limit) {
    throw new MetalK8sError(code, `the ${name} has more than ${limit} bytes`, { where: file, hint: hints.tooLarge });
  }
  const text = decodeText(bytes);
  if (text !== undefined) return text;
  throw new MetalK8sError(code, `the ${name} is not UTF-8 text`, {
    where: file,
    hint: 'Save it as UTF-8; `iconv -t UTF-8` converts a file.',
  });
}

async function readBytes(file: string, limit: number, { code, name, hints }: DocumentType): Promise<Uint8Array> {
  try {
    const handle = await open(file);
    return await readAtMost(handle, limit).finally(() => handle.close());
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw new MetalK8sError(code, `the ${name} cannot be read`, {
      where: file,
      cause,
      hint: missing ? hints.missing(file) : hints.unreadable,
    });
  }
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
