import { MetalK8sError } from '../../errors/metalk8s-error.ts';

/** What the file system says when it cannot take what is written, as opposed to what a network says. */
const OF_DISK = new Set([
  'ENOSPC',
  'EDQUOT',
  'EFBIG',
  'EROFS',
  'EACCES',
  'EPERM',
  'EIO',
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
]);

export function isOfOurDisk(error: unknown): error is NodeJS.ErrnoException {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return false;
  return error.syscall !== 'connect' && OF_DISK.has(String(error.code));
}

export function unusableDisk(cause: NodeJS.ErrnoException, path: string): MetalK8sError {
  const full = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(String(cause.code));
  return new MetalK8sError('STEP_FAILED', full ? 'The disk of the cache is full' : 'The cache cannot be used', {
    where: path,
    hint: full
      ? 'Make room, or name another place by --cache-dir, and run again: what has been fetched is kept.'
      : 'Mend what is wrong with this path, or name another place by --cache-dir, and run again.',
    cause,
  });
}

/** An answer that is no content. */
export class UnfitAnswer extends Error {
  readonly status: number;
  /** Milliseconds after which the server wants to be asked again. */
  readonly retryAfter: number | undefined;

  constructor(status: number, retryAfter: string | undefined) {
    super(`the answer is ${status}`);
    this.status = status;
    this.retryAfter = /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) * 1000 : undefined;
  }

  /** Whether the same question may be answered otherwise a little later. */
  get passing(): boolean {
    return [408, 425, 429].includes(this.status) || this.status >= 500;
  }
}

/** The last word on a file that cannot be had. */
export function unfetched(
  cause: unknown,
  { url, tries }: { readonly url: string; readonly tries: number },
): MetalK8sError {
  const { host } = new URL(url);
  if (cause instanceof UnfitAnswer && !cause.passing) {
    return new MetalK8sError(
      'RELEASE_INVALID',
      `${host} does not give a file of the release: it answers ${cause.status}`,
      {
        where: url,
        hint: 'Mend the address in the release list, or name a mirror of it by --mirrors.',
        cause,
      },
    );
  }
  if (isUnknownCertificate(cause)) {
    return new MetalK8sError('VERIFICATION_FAILED', `${host} cannot show that it is ${host}: ${reasonOf(cause)}`, {
      where: url,
      hint: 'When a proxy of your company stands between, name the file with its certificate in SSL_CERT_FILE.',
      cause,
    });
  }
  return new MetalK8sError('HOST_UNREACHABLE', `${host} cannot be reached after ${tries} tries: ${reasonOf(cause)}`, {
    where: url,
    hint: 'Look at the network and at HTTPS_PROXY, or name a mirror by --mirrors. Run again to go on from here.',
    cause,
  });
}

/** Why a try failed, in few words and without a part of an address that may be secret. */
export function reasonOf(error: unknown): string {
  if (error instanceof UnfitAnswer) return error.message;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (code === '' && error instanceof Error ? error.message : code);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up',
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ERR_STREAM_PREMATURE_CLOSE: 'the connection was cut',
  ETIMEDOUT: 'nobody answers',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ERR_PROXY_TUNNEL: 'the proxy does not let us through',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by nobody but itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an authority that is not known here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from an authority that is not known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from an authority that is not known here',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: is the clock right?',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for other names',
};

export function isUnknownCertificate(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /CERT|^UNABLE_TO_VERIFY/.test(code);
}
