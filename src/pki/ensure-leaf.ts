import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { LeafSpecification } from '../kubernetes/pki/specification.ts';
import { day } from './certificate-faults.ts';
import { missingAuthority } from './ensure-authority.ts';
import { inspectPair, type PairInspection } from './inspect-pair.ts';
import { type Authority, loadAuthority } from './load-authority.ts';
import { mendProtection } from './mend-protection.ts';
import type { PkiContext, PkiOutcome } from './pki-context.ts';
import { generatePrivateKey, privateKeyPem } from './private-key.ts';
import { signFor } from './sign-for.ts';

/** See {@link ensureCertificate}. */
export async function ensureLeaf(wanted: LeafSpecification, context: PkiContext): Promise<PkiOutcome> {
  const { store, issuers = store, now } = context;
  const authority = await loadAuthority(issuers, wanted.issuer, now);
  if (!authority) throw missingAuthority(wanted.issuer.certificatePath);

  const texts = { certificate: await store.read(wanted.certificate.path), key: await store.read(wanted.key.path) };
  const present = inspectPair(texts, wanted.profile, { ...context, authority: authority.certificate });
  const reasons = [...present.missing.map((part) => `${part} was missing`), ...present.broken, ...present.outdated];
  if (reasons.length === 0) return keep(wanted, present, store);
  if (!authority.key) return keepBrought(wanted, { present, reasons }, store);
  return issue(wanted, { authority: { ...authority, key: authority.key }, present, texts, reasons, now }, store);
}

interface Issuing {
  readonly authority: Required<Authority> & { key: NonNullable<Authority['key']> };
  readonly present: PairInspection;
  readonly texts: { readonly key: string | undefined };
  readonly reasons: readonly string[];
  readonly now: Date;
}

/** A usable key stays, also for the sake of a kill between two files: see {@link ensureCertificate}. */
async function issue(
  { certificate, key, profile }: LeafSpecification,
  { authority, present, texts, reasons, now }: Issuing,
  store: PkiContext['store'],
): Promise<PkiOutcome> {
  const usable = present.key ?? (await generatePrivateKey(profile.keyAlgorithm));
  const issued = { ...certificate, content: signFor(profile, { key: usable, signer: authority, now }) };
  if (present.key && texts.key !== undefined) {
    await mendProtection(store, [key]);
    await store.writeAtomic([issued]);
  } else {
    await store.writeAtomic([{ ...key, content: privateKeyPem(usable) }, issued]);
  }
  return { path: certificate.path, changed: true, why: reasons.join('; ') };
}

async function keep(
  { certificate, key }: LeafSpecification,
  present: PairInspection,
  store: PkiContext['store'],
): Promise<PkiOutcome> {
  const { path } = certificate;
  const mended = await mendProtection(store, [key, certificate]);
  if (mended.length > 0) return { path, changed: true, why: mended.join('; ') };
  return { path, changed: false, why: `valid until ${present.certificate ? day(present.certificate.notAfter) : ''}` };
}

/** The authority's key is kept elsewhere, so that leaves are brought along: what works is taken as it is. */
async function keepBrought(
  wanted: LeafSpecification,
  { present, reasons }: { present: PairInspection; reasons: readonly string[] },
  store: PkiContext['store'],
): Promise<PkiOutcome> {
  if (present.missing.length > 0 || present.broken.length > 0) throw mustBeBrought(wanted, { present, reasons });
  const outcome = await keep(wanted, present, store);
  return { ...outcome, why: `${outcome.why}; brought along, so kept although it ${reasons.join(' and ')}` };
}

function mustBeBrought(
  { certificate, key, issuer, profile }: LeafSpecification,
  { present, reasons }: { present: PairInspection; reasons: readonly string[] },
): MetalK8sError {
  const paths = { certificate: certificate.path, key: key.path };
  const files = present.missing.length > 0 ? present.missing.map((part) => paths[part]) : [certificate.path];
  const subject = [...profile.organizations.map((name) => `O=${name}`), `CN=${profile.commonName}`].join(', ');
  const names = [...profile.dnsNames, ...profile.ipAddresses].join(', ');
  return new MetalK8sError('DIFFERS', reasons.join('; '), {
    where: files.join(' and '),
    hint:
      `Bring a certificate for ${subject}${names ? ` with subject alternative names ${names}` : ''}, signed by ` +
      `${issuer.certificatePath}, and its key. Or put the authority's key at ${issuer.keyPath}, and it is issued.`,
  });
}
