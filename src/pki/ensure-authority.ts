import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { AuthorityReference, AuthoritySpecification, FileSpecification } from '../kubernetes/pki/specification.ts';
import { day } from './certificate-faults.ts';
import { type Authority, loadAuthority, readAuthorityKey } from './load-authority.ts';
import { mendProtection } from './mend-protection.ts';
import type { PkiContext, PkiOutcome } from './pki-context.ts';
import { generatePrivateKey, privateKeyPem } from './private-key.ts';
import { signFor } from './sign-for.ts';

/** See {@link ensureCertificate}. An authority that is there is kept as it is, or refused; only a missing one is made. */
export async function ensureAuthority(wanted: AuthoritySpecification, context: PkiContext): Promise<PkiOutcome> {
  const { key } = wanted;
  return key ? ensurePair({ ...wanted, key }, context) : ensureTrusted(wanted, context);
}

async function ensurePair(
  wanted: AuthoritySpecification & { key: FileSpecification },
  { store, now }: PkiContext,
): Promise<PkiOutcome> {
  const path = wanted.certificate.path;
  const present = await loadAuthority(store, referenceTo(wanted, wanted.key.path), now);
  if (present) return keep(wanted, present, { store });

  const keyText = await store.read(wanted.key.path);
  const key =
    keyText === undefined
      ? await generatePrivateKey(wanted.profile.keyAlgorithm)
      : readAuthorityKey(keyText, wanted.key.path);
  await store.writeAtomic([
    { ...wanted.key, content: keyText ?? privateKeyPem(key) },
    { ...wanted.certificate, content: signFor(wanted.profile, { key, now }) },
  ]);
  return {
    path,
    changed: true,
    why: keyText === undefined ? 'was missing' : `was missing; made for ${wanted.key.path}`,
  };
}

/** A node that only trusts the authority gets the certificate that the issuing host has. */
async function ensureTrusted(wanted: AuthoritySpecification, { store, issuers, now }: PkiContext): Promise<PkiOutcome> {
  const path = wanted.certificate.path;
  const reference = referenceTo(wanted, path.replace(/\.crt$/, '.key'));
  const source = issuers && (await loadAuthority(issuers, reference, now));
  const present = await loadAuthority(store, reference, now);
  if (present && source && !present.certificate.x509.raw.equals(source.certificate.x509.raw)) {
    throw new MetalK8sError('DIFFERS', 'the node trusts another authority than the cluster has', {
      where: path,
      hint: 'Was the node part of another cluster? Reset it first, or remove the file if it is of no use any more.',
    });
  }
  if (present) return keep(wanted, present, { store });
  if (!source) throw missingAuthority(path);
  await store.writeAtomic([{ ...wanted.certificate, content: source.pem }]);
  return { path, changed: true, why: 'was missing' };
}

/** What to say when an authority is needed that is not there. */
export function missingAuthority(path: string): MetalK8sError {
  return new MetalK8sError('DIFFERS', 'the certificate of an authority is missing', {
    where: path,
    hint: 'Put it back from a backup or another control plane; on a new cluster, the authorities are ensured first.',
  });
}

async function keep(
  wanted: AuthoritySpecification,
  { certificate, key }: Authority,
  { store }: Pick<PkiContext, 'store'>,
): Promise<PkiOutcome> {
  const { path } = wanted.certificate;
  const mended = await mendProtection(store, [wanted.key, wanted.certificate]);
  if (mended.length > 0) return { path, changed: true, why: mended.join('; ') };
  const elsewhere = wanted.key && !key ? '; its key is kept elsewhere' : '';
  return { path, changed: false, why: `valid until ${day(certificate.notAfter)}${elsewhere}` };
}

function referenceTo({ name, certificate }: AuthoritySpecification, keyPath: string): AuthorityReference {
  return { name, certificatePath: certificate.path, keyPath };
}
