import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { PkiSpecification } from '../kubernetes/pki/specification.ts';
import { ensureCertificate } from './ensure-certificate.ts';
import { ensureEncryptionKey } from './ensure-encryption-key.ts';
import { ensureKey } from './ensure-key.ts';
import { ensureKubeconfig } from './ensure-kubeconfig.ts';
import type { PkiContext, PkiOutcome } from './pki-context.ts';

type Issued = Extract<PkiSpecification, { issuer: unknown }>;

/**
 * Ensures everything of a node; outcomes stand in the order of the specifications. Authorities come first, then what was brought along
 * because its authority's key is kept elsewhere, then the rest at once. Throws one MetalK8sError that lists all that is missing or wrong
 * in a group, before anything of the next group is made.
 */
export async function ensurePki(
  specifications: readonly PkiSpecification[],
  context: PkiContext,
): Promise<readonly PkiOutcome[]> {
  const outcomes = new Map<PkiSpecification, PkiOutcome>();
  const run = async (group: readonly PkiSpecification[]) => {
    const results = await Promise.allSettled(group.map((one) => ensure(one, context)));
    const errors: unknown[] = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    if (errors.length > 0) throw errors.length === 1 ? errors[0] : joined(errors);
    for (const [index, result] of results.entries()) {
      const specification = group[index];
      if (specification && result.status === 'fulfilled') outcomes.set(specification, result.value);
    }
  };

  const authorities = specifications.filter(({ kind }) => kind === 'authority');
  await run(authorities);
  const others = specifications.filter((one) => !authorities.includes(one));
  const brought = await broughtAlong(others, context);
  await run(brought);
  await run(others.filter((one) => !brought.includes(one)));
  return specifications.flatMap((one) => outcomes.get(one) ?? []);
}

function ensure(specification: PkiSpecification, context: PkiContext): Promise<PkiOutcome> {
  switch (specification.kind) {
    case 'authority':
    case 'leaf':
      return ensureCertificate(specification, context);
    case 'key-pair':
      return ensureKey(specification, context);
    case 'kubeconfig':
      return ensureKubeconfig(specification, context);
    case 'encryption-key':
      return ensureEncryptionKey(specification, context);
  }
}

async function broughtAlong(
  specifications: readonly PkiSpecification[],
  { store, issuers = store }: PkiContext,
): Promise<readonly PkiSpecification[]> {
  const issued = specifications.filter((one): one is Issued => 'issuer' in one);
  const paths = [...new Set(issued.map(({ issuer }) => issuer.keyPath))];
  const found = await Promise.all(paths.map((path) => issuers.stat(path)));
  const elsewhere = paths.filter((_, index) => found[index] === undefined);
  return issued.filter(({ issuer }) => elsewhere.includes(issuer.keyPath));
}

function joined(errors: readonly unknown[]): unknown {
  const defect = errors.find((error) => !(error instanceof MetalK8sError));
  if (defect !== undefined) return defect;
  const known = errors.filter((error) => error instanceof MetalK8sError);
  return new MetalK8sError('DIFFERS', `${known.length} certificates, keys or kubeconfigs cannot be relied upon`, {
    where: known.map(({ where }) => where).join('\n'),
    hint: [...new Set(known.map(({ hint }) => hint))].join('\n'),
    cause: new AggregateError(
      known.map(({ message, where }) => new Error(`${where}: ${message}`)),
      'see the list',
    ),
  });
}
