import { createSign, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeCertificate } from '../registry/certificate.ts';
import { inTemporaryDirectory } from '../temporary-directory.ts';

/** An OpenID Connect provider, as far as an API server asks one. */
export interface IdentityProvider {
  readonly issuer: string;
  /** PEM of the authority that it is known by. */
  readonly authority: string;
  /** A token for a client that is good for an hour, with these claims. */
  token(client: string, claims: Readonly<Record<string, unknown>>): string;
  close(): void;
}

/** Starts one on an address of this machine. */
export async function startIdentityProvider(address: string): Promise<IdentityProvider> {
  const { key, cert, authority } = await inTemporaryDirectory(async (directory) => {
    const made = await makeCertificate(directory, address);
    return { key: await readFile(made.key), cert: await readFile(made.certificate), authority: made.authority };
  });
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...publicKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: 'key' };
  const server = createServer({ key, cert }, (request, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(request.url === '/keys' ? { keys: [jwk] } : discovery(issuer)));
  });
  await once(server.listen(0, address), 'listening');
  const issuer = `https://${address}:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    authority,
    token(client, claims) {
      const now = Math.floor(Date.now() / 1000);
      const payload = { iss: issuer, aud: client, iat: now, exp: now + 3600, ...claims };
      const signed = `${encoded({ alg: 'RS256', kid: jwk.kid })}.${encoded(payload)}`;
      return `${signed}.${createSign('sha256').update(signed).sign(privateKey, 'base64url')}`;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function discovery(issuer: string) {
  return {
    issuer,
    jwks_uri: `${issuer}/keys`,
    authorization_endpoint: `${issuer}/authorize`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  };
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
