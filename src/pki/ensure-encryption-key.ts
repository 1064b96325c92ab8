import { randomBytes } from 'node:crypto';
import { parse } from 'yaml';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { ENCRYPTION_KEY_BYTES, renderEncryptionConfiguration } from '../kubernetes/pki/encryption-configuration.ts';
import type { EncryptionKeySpecification } from '../kubernetes/pki/specification.ts';
import { isList, isRecord } from '../values/is-record.ts';
import { mendProtection } from './mend-protection.ts';
import type { PkiContext, PkiOutcome } from './pki-context.ts';

/**
 * Sees to it that the apiserver's encryption configuration is there with a key. One that is there is kept, or refused with a
 * MetalK8sError, never replaced: what is stored in etcd could not be read any more. All control planes need the same file, so on a
 * node that joins it is copied, not made.
 */
export async function ensureEncryptionKey(
  wanted: EncryptionKeySpecification,
  { store }: Pick<PkiContext, 'store'>,
): Promise<PkiOutcome> {
  const { path } = wanted.file;
  const text = await store.read(path);
  if (text === undefined) {
    const secret = randomBytes(ENCRYPTION_KEY_BYTES).toString('base64');
    await store.writeAtomic([{ ...wanted.file, content: renderEncryptionConfiguration(wanted, secret) }]);
    return { path, changed: true, why: 'was missing' };
  }
  const fault = configurationFault(text, wanted);
  if (fault !== undefined) {
    throw new MetalK8sError('DIFFERS', fault, {
      where: path,
      hint: 'Put back the file, from a backup or another control plane. It is never replaced by itself, because without its key what etcd holds cannot be read.',
    });
  }
  const mended = await mendProtection(store, [wanted.file]);
  return { path, changed: mended.length > 0, why: mended.length > 0 ? mended.join('; ') : 'valid' };
}

/** What is wrong with a configuration, in words without any of its keys. */
function configurationFault(text: string, { provider, resources }: EncryptionKeySpecification): string | undefined {
  const rules = encryptionRules(text);
  if (!rules) return 'is not an EncryptionConfiguration';
  for (const resource of resources) {
    const rule = rules.find((one) => isList(one.resources) && one.resources.includes(resource));
    const first = rule && isList(rule.providers) ? rule.providers[0] : undefined;
    if (!isRecord(first)) return `does not encrypt ${resource}`;
    const name = Object.keys(first)[0] ?? 'nothing';
    if (name !== provider) return `encrypts ${resource} with ${name}, not with ${provider}`;
    if (!hasUsableKey(first[provider])) return `has no usable key for ${provider}`;
  }
  return undefined;
}

function encryptionRules(text: string): readonly Record<string, unknown>[] | undefined {
  try {
    const document: unknown = parse(text, { logLevel: 'error' });
    if (!isRecord(document) || document.kind !== 'EncryptionConfiguration' || !isList(document.resources)) return;
    return document.resources.filter(isRecord);
  } catch {
    return undefined;
  }
}

/** The first key is the one that encrypts. */
function hasUsableKey(provider: unknown): boolean {
  const keys = isRecord(provider) && isList(provider.keys) ? provider.keys : [];
  const [first] = keys;
  if (!isRecord(first) || typeof first.name !== 'string' || typeof first.secret !== 'string') return false;
  return Buffer.from(first.secret, 'base64').length === ENCRYPTION_KEY_BYTES;
}
