import { expect, test } from 'vitest';
import { skopeoFailure } from '../../../src/build/images/skopeo-failure.ts';

/** What skopeo 1.9 and newer, registries and Go say, and how often it is worth another try. */
const table: readonly (readonly [name: string, retries: number, ...said: readonly string[]])[] = [
  [
    'missing',
    0,
    'reading manifest v9 in registry.example.com/a: manifest unknown: manifest unknown',
    'reading manifest v1 in registry.example.com/a: name unknown: repository name not known to registry',
    'fetching blob: invalid status code from registry 404 (Not Found)',
    'reading manifest v1 in quay.io/a/b: received unexpected HTTP status: 404 Not Found',
  ],
  [
    'denied',
    0,
    'reading manifest v1 in docker.io/a/b: errors:\ndenied: requested access to the resource is denied\nunauthorized: authentication required',
    'unable to retrieve auth token: invalid username/password: unauthorized: incorrect username or password',
    'reading manifest v1 in ghcr.io/a/b: requesting bearer token: invalid status code from registry 403 (Forbidden)',
  ],
  [
    'untrusted',
    0,
    'pinging container registry r: Get "https://r/v2/": x509: certificate signed by unknown authority',
    'pinging container registry r: Get "https://r/v2/": tls: failed to verify certificate: x509: certificate has expired or is not yet valid',
  ],
  ['plain', 0, 'pinging container registry r: Get "https://r/v2/": http: server gave HTTP response to HTTPS client'],
  [
    'altered',
    0,
    'writing blob: storing blob to file "x": Digest did not match, expected sha256:a, got sha256:b',
    'manifest does not match provided manifest digest sha256:a',
  ],
  ['full', 0, 'writing blob: storing blob to file "/c/oci-put-blob1": write /c/oci-put-blob1: no space left on device'],
  ['oversized', 0, 'reading manifest v1 in 127.0.0.1:1/a: exceeded maximum allowed size of 4194304 bytes'],
  ['policy', 0, 'Error loading trust policy: open /etc/containers/policy.json: no such file or directory'],
  ['limited', 4, 'reading manifest v1 in docker.io/a/b: toomanyrequests: You have reached your pull rate limit'],
  [
    'unreachable',
    2,
    'pinging container registry r: Get "https://r/v2/": dial tcp 10.0.0.1:443: connect: connection refused',
    'pinging container registry r: Get "https://r/v2/": dial tcp: lookup r on 10.0.0.2:53: no such host',
    'pinging container registry r: Get "https://r/v2/": dial tcp 10.0.0.1:443: i/o timeout',
  ],
  [
    'interrupted',
    4,
    'writing blob: storing blob to file "x": happened during read: unexpected EOF',
    'reading blob sha256:a: Get "https://r/v2/a/blobs/sha256:a": read tcp 10.0.0.3:1->10.0.0.1:443: connection reset by peer',
    'fetching blob: received unexpected HTTP status: 503 Service Unavailable',
    'net/http: TLS handshake timeout',
    'words that nobody has seen yet',
    '',
  ],
];

test.each(table.flatMap(([name, retries, ...said]) => said.map((text) => [name, retries, text] as const)))(
  '%s, tried again %i times: %s',
  (name, retries, said) => {
    const kind = skopeoFailure(said);
    expect([kind.name, kind.pauses.length]).toEqual([name, retries]);
  },
);

test('pauses grow', () => {
  const { pauses } = skopeoFailure('unexpected EOF');
  for (const [position, pause] of pauses.entries()) expect(pause).toBeGreaterThan(pauses[position - 1] ?? 0);
});
