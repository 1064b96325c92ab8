import type { ErrorCode } from '../../errors/error-codes.ts';

/** What a failure of skopeo means. */
export interface FailureKind {
  readonly name: string;
  readonly code: ErrorCode;
  /** What went wrong, after the name of the image. */
  readonly message: string;
  readonly hint: string;
  /** Seconds before each further attempt; empty for what the same request would meet again. */
  readonly pauses: readonly number[];
}

const TRANSFER_PAUSES = [1, 2, 4, 8];

/** Tried in this order: what says more comes first. The words are those of containers/image, of registries and of Go. */
const KINDS: readonly (FailureKind & { readonly says: RegExp })[] = [
  {
    name: 'altered',
    says: /digest did not match|does not match provided manifest digest|doesn't match digest|size mismatch/i,
    code: 'VERIFICATION_FAILED',
    message: 'what the registry sends is not what its digest says',
    hint: 'Somebody changed it, or a disk or proxy on the way is broken. Ask whoever runs the registry.',
    pauses: [],
  },
  {
    name: 'full',
    says: /no space left on device|disk quota exceeded/i,
    code: 'STEP_FAILED',
    message: 'the disk of the cache is full',
    hint: 'Make room, or name another place with --cache-dir, and run again: what is fetched already stays.',
    pauses: [],
  },
  {
    name: 'oversized',
    says: /exceeded maximum allowed size/i,
    code: 'RELEASE_INVALID',
    message: 'its manifest is larger than registries may have',
    hint: 'Take the image out of the release list.',
    pauses: [],
  },
  {
    name: 'missing',
    says: /manifest unknown|name unknown|repository name not known|manifest (?:for|of) \S+ not found|status(?: code)?(?: from registry)?:? 404/i,
    code: 'RELEASE_INVALID',
    message: 'the registry does not have it',
    hint: 'Correct the reference in the release list, or have the image put there.',
    pauses: [],
  },
  {
    name: 'denied',
    says: /unauthorized|authentication required|access to the resource is denied|access denied|invalid username\/password|status(?: code)?(?: from registry)?:? 40[13]/i,
    code: 'LOGIN_REFUSED',
    message: 'the registry refuses to give it to us',
    hint: 'Log in with "skopeo login HOST" (it writes the auth file that REGISTRY_AUTH_FILE names), or check the reference: some registries say this of what they do not have.',
    pauses: [],
  },
  {
    name: 'untrusted',
    says: /x509:|failed to verify certificate|bad certificate/i,
    code: 'VERIFICATION_FAILED',
    message: 'the certificate of the registry cannot be checked',
    hint: 'Name the certificates of its CA as "ca" of the mirror in the mirrors file, or add them to the system.',
    pauses: [],
  },
  {
    name: 'plain',
    says: /server gave HTTP response to HTTPS client/i,
    code: 'HOST_UNREACHABLE',
    message: 'the registry does not speak TLS',
    hint: 'Serve it with TLS. A mirror on the loopback may be marked "insecure: true" in the mirrors file.',
    pauses: [],
  },
  {
    name: 'policy',
    says: /policy\.json|rejected by policy|Source image rejected/i,
    code: 'PREFLIGHT_FAILED',
    message: "skopeo's policy of this machine does not let it through",
    hint: 'See containers-policy.json(5): /etc/containers/policy.json comes with the package that skopeo depends on.',
    pauses: [],
  },
  {
    name: 'limited',
    says: /toomanyrequests|too many requests|rate limit|status(?: code)?(?: from registry)?:? 429/i,
    code: 'STEP_FAILED',
    message: 'the registry limits how often we may ask',
    hint: 'Log in with "skopeo login HOST", use a mirror, or wait and run again: what is fetched already stays.',
    pauses: TRANSFER_PAUSES,
  },
  {
    name: 'unreachable',
    says: /connection refused|no such host|no route to host|network is unreachable|server misbehaving|dial tcp/i,
    code: 'HOST_UNREACHABLE',
    message: 'the registry cannot be reached',
    hint: 'Check its name, the network and the proxy variables, or name a mirror with --mirrors, and run again.',
    pauses: [1, 2],
  },
];

/** The connection broke, the server had a bad moment, or it said what nobody knows. */
const INTERRUPTED: FailureKind = {
  name: 'interrupted',
  code: 'STEP_FAILED',
  message: 'it could not be fetched',
  hint: 'Run again: what is fetched already stays.',
  pauses: TRANSFER_PAUSES,
};

/** What skopeo's last words mean. */
export function skopeoFailure(stderr: string): FailureKind {
  return KINDS.find(({ says }) => says.test(stderr)) ?? INTERRUPTED;
}
