import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { type KubeconfigClient, renderKubeconfig } from '../kubernetes/pki/render-kubeconfig.ts';
import type { KubeconfigSpecification } from '../kubernetes/pki/specification.ts';
import { day } from './certificate-faults.ts';
import { missingAuthority } from './ensure-authority.ts';
import { inspectPair, type PairInspection } from './inspect-pair.ts';
import { type Authority, loadAuthority } from './load-authority.ts';
import { mendProtection } from './mend-protection.ts';
import type { PkiContext, PkiOutcome } from './pki-context.ts';
import { generatePrivateKey, privateKeyPem } from './private-key.ts';
import { readCertificates } from './read-certificate.ts';
import { type KubeconfigContent, readKubeconfig } from './read-kubeconfig.ts';
import { signFor } from './sign-for.ts';

/**
 * Sees to it that a kubeconfig points to the right server, trusts the cluster's authority and has a valid client certificate. One file
 * holds it all, so that a killed run leaves the old or the new. A valid certificate is kept where only the rest is wrong. Once the
 * kubelet's rotated file is there and good, the kubeconfig names it. Throws a MetalK8sError that names the file, like
 * {@link ensureCertificate}.
 */
export async function ensureKubeconfig(wanted: KubeconfigSpecification, context: PkiContext): Promise<PkiOutcome> {
  const { store, issuers = store, now } = context;
  const { path } = wanted.file;
  const authority = await loadAuthority(issuers, wanted.issuer, now);
  if (!authority) throw missingAuthority(wanted.issuer.certificatePath);

  const text = await store.read(path);
  const present = text === undefined ? undefined : readKubeconfig(text);
  const rotated = await rotatedClient(wanted, authority, context);
  const embedded = rotated ? undefined : inspectEmbedded(wanted, present, { authority, context });
  const reasons = [
    ...frameFaults(wanted, { text, present, authority }),
    ...(rotated && present?.clientFile !== wanted.rotatedFile ? [`does not name ${wanted.rotatedFile}`] : []),
    ...(embedded ? clientFaults(embedded) : []),
  ];
  if (reasons.length === 0) return keep(wanted, (rotated ?? embedded)?.certificate?.notAfter, store);

  const client = rotated
    ? { file: wanted.rotatedFile ?? '' }
    : (keptClient(present, embedded) ?? (await newClient(wanted, { authority, now, reasons })));
  const content = renderKubeconfig(wanted, { authority: authority.pem, client });
  await store.writeAtomic([{ ...wanted.file, content }]);
  return { path, changed: true, why: reasons.join('; ') };
}

/** The certificate that the kubelet has renewed by itself; undefined when there is none that is valid for this node. */
async function rotatedClient(
  { rotatedFile, profile }: KubeconfigSpecification,
  authority: Authority,
  { store, now }: PkiContext,
): Promise<PairInspection | undefined> {
  const text = rotatedFile === undefined ? undefined : await store.read(rotatedFile);
  if (text === undefined) return undefined;
  // When it is due, its own rotation sees to it.
  const found = inspectPair({ certificate: text, key: text }, profile, {
    authority: authority.certificate,
    now,
    renewWithinDays: 0,
  });
  return found.broken.length === 0 ? found : undefined;
}

function inspectEmbedded(
  { profile }: KubeconfigSpecification,
  present: KubeconfigContent | undefined,
  { authority, context }: { authority: Authority; context: PkiContext },
): PairInspection {
  const { now, renewWithinDays } = context;
  return inspectPair({ certificate: present?.certificate, key: present?.key }, profile, {
    authority: authority.certificate,
    now,
    renewWithinDays,
  });
}

/** Faults of all but the client's certificate. */
function frameFaults(
  { user, server }: KubeconfigSpecification,
  {
    text,
    present,
    authority,
  }: { text: string | undefined; present: KubeconfigContent | undefined; authority: Authority },
): string[] {
  if (text === undefined) return ['was missing'];
  if (!present) return ['was not a kubeconfig'];
  const trusted = present.authority === undefined ? undefined : readCertificates(present.authority)?.[0];
  return [
    ...(present.user === user ? [] : [`was of another user than ${user}`]),
    ...(present.server === server ? [] : [`did not point to ${server}`]),
    ...(trusted?.x509.raw.equals(authority.certificate.x509.raw) ? [] : ['did not trust the authority of the cluster']),
  ];
}

function clientFaults({ missing, broken, outdated }: PairInspection): string[] {
  return [
    ...missing.map((part) => `had no client ${part}`),
    ...[...broken, ...outdated].map((fault) => `certificate ${fault}`),
  ];
}

function keptClient(
  present: KubeconfigContent | undefined,
  embedded: PairInspection | undefined,
): KubeconfigClient | undefined {
  if (present?.certificate === undefined || present.key === undefined) return undefined;
  if (!embedded || clientFaults(embedded).length > 0) return undefined;
  return { certificate: present.certificate, key: present.key };
}

async function newClient(
  { file, issuer, profile }: KubeconfigSpecification,
  { authority, now, reasons }: { authority: Authority; now: Date; reasons: readonly string[] },
): Promise<KubeconfigClient> {
  if (!authority.key) {
    throw new MetalK8sError('DIFFERS', `the kubeconfig ${reasons.join('; ')}`, {
      where: file.path,
      hint:
        `Bring a kubeconfig with a client certificate for ${profile.commonName}, signed by ${issuer.certificatePath}. ` +
        `Or put the authority's key at ${issuer.keyPath}, and it is made.`,
    });
  }
  const key = await generatePrivateKey(profile.keyAlgorithm);
  const signer = { certificate: authority.certificate, key: authority.key };
  return { certificate: signFor(profile, { key, signer, now }), key: privateKeyPem(key) };
}

async function keep(
  { file }: KubeconfigSpecification,
  notAfter: Date | undefined,
  store: PkiContext['store'],
): Promise<PkiOutcome> {
  const mended = await mendProtection(store, [file]);
  if (mended.length > 0) return { path: file.path, changed: true, why: mended.join('; ') };
  return { path: file.path, changed: false, why: `valid until ${notAfter ? day(notAfter) : ''}` };
}
