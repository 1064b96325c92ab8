import type { CertificateSpecification } from '../kubernetes/pki/specification.ts';
import { ensureAuthority } from './ensure-authority.ts';
import { ensureLeaf } from './ensure-leaf.ts';
import type { PkiContext, PkiOutcome } from './pki-context.ts';

/**
 * Sees to it that a certificate and its key are as specified: what is valid is kept, and mended where only mode or owner are wrong.
 *
 * A killed run leaves a pair that was valid before valid, or has replaced it by a valid one. For a valid key is never replaced, only its
 * certificate is, by one rename. Where there was no valid pair, the key is put in place before its certificate; the next run uses it.
 * Throws a MetalK8sError that names the file: for an authority that cannot be relied upon, and for a leaf that would have to be issued
 * by an authority whose key is kept elsewhere.
 */
export function ensureCertificate(specification: CertificateSpecification, context: PkiContext): Promise<PkiOutcome> {
  return specification.kind === 'authority'
    ? ensureAuthority(specification, context)
    : ensureLeaf(specification, context);
}
