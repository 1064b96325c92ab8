import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { KeyPairSpecification } from '../kubernetes/pki/specification.ts';
import { mendProtection } from './mend-protection.ts';
import type { PkiContext, PkiOutcome } from './pki-context.ts';
import { generatePrivateKey, privateKeyPem, publicKeyPem, readPrivateKey, readPublicKeys } from './private-key.ts';

/**
 * Sees to it that a key pair is there. The private key is kept, or refused with a MetalK8sError that names its file, never replaced: what
 * it has signed would be refused. The public file may hold further keys, of before or after a change of keys; it is made where missing.
 */
export async function ensureKey(
  { privateKey, publicKey, keyAlgorithm }: KeyPairSpecification,
  { store }: Pick<PkiContext, 'store'>,
): Promise<PkiOutcome> {
  const { path } = privateKey;
  const texts = { private: await store.read(path), public: await store.read(publicKey.path) };
  if (texts.private === undefined) {
    if (texts.public !== undefined) throw privateHalfMissing(path, publicKey.path);
    const key = await generatePrivateKey(keyAlgorithm);
    await store.writeAtomic([
      { ...privateKey, content: privateKeyPem(key) },
      { ...publicKey, content: publicKeyPem(key) },
    ]);
    return { path, changed: true, why: 'was missing' };
  }

  const found = readPrivateKey(texts.private);
  if ('fault' in found) throw unusable(path, found.fault);
  if (texts.public === undefined) {
    await mendProtection(store, [privateKey]);
    await store.writeAtomic([{ ...publicKey, content: publicKeyPem(found.key) }]);
    return { path, changed: true, why: `${publicKey.path} was missing` };
  }
  if (!readPublicKeys(texts.public).includes(publicKeyPem(found.key))) throw notAmong(path, publicKey.path);
  const mended = await mendProtection(store, [privateKey, publicKey]);
  return { path, changed: mended.length > 0, why: mended.length > 0 ? mended.join('; ') : 'valid' };
}

function privateHalfMissing(path: string, publicPath: string): MetalK8sError {
  return new MetalK8sError('DIFFERS', `the private key is missing, while ${publicPath} is there`, {
    where: path,
    hint: `Put back the key, from a backup or another control plane. Remove ${publicPath} to have a new pair made: tokens of service accounts then end.`,
  });
}

function unusable(path: string, fault: string): MetalK8sError {
  return new MetalK8sError('DIFFERS', `the key ${fault}`, {
    where: path,
    hint: 'Put back the key, from a backup or another control plane. Remove it, with its public half, to have a new pair made: tokens of service accounts then end.',
  });
}

function notAmong(path: string, publicPath: string): MetalK8sError {
  return new MetalK8sError('DIFFERS', `no public key of the file belongs to ${path}`, {
    where: publicPath,
    hint: `Put back the file that belongs to ${path}; or remove it, and it is made from that key.`,
  });
}
