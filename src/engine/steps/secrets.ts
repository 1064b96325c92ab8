import type { PkiSpecification } from '../../kubernetes/pki/specification.ts';
import type { PkiContext, PkiOutcome } from '../../pki/pki-context.ts';
import type { StepContext, StepOutcome } from '../step-handler.ts';
import { notePaths } from './note-paths.ts';

/** A certificate that ends within so many days is made anew: a quarter of the life that kubeadm gives it. */
const RENEW_WITHIN_DAYS = 90;

/** Ensures something secret on the host itself; what is told of it holds no secret. */
export async function ensureSecret<Specification extends PkiSpecification>(
  specification: Specification,
  ensure: (specification: Specification, context: PkiContext) => Promise<PkiOutcome>,
  context: StepContext,
): Promise<StepOutcome> {
  await notePaths(pathsOf(specification), context);
  const { changed, path, why } = await ensure(specification, {
    store: context.host.files,
    now: context.now(),
    renewWithinDays: RENEW_WITHIN_DAYS,
  });
  context.report.output(`${path}: ${why}`);
  return { changed };
}

function pathsOf(specification: PkiSpecification): readonly string[] {
  switch (specification.kind) {
    case 'authority':
    case 'leaf': {
      const { certificate, key } = specification;
      return key === undefined ? [certificate.path] : [certificate.path, key.path];
    }
    case 'key-pair':
      return [specification.privateKey.path, specification.publicKey.path];
    case 'kubeconfig':
    case 'encryption-key':
      return [specification.file.path];
  }
}
