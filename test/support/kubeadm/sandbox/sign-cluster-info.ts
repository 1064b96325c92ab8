import { createHmac } from 'node:crypto';
import type { Json } from './json.ts';

/**
 * Adds to the cluster-info ConfigMap what the controller "bootstrapsigner" adds: for each bootstrap token that may sign, a
 * detached JWS (HS256) of the kubeconfig under `jws-kubeconfig-ID`.
 */
export function signClusterInfo(configMap: Json, objects: readonly Json[]): Json {
  const data = configMap.data as Record<string, string>;
  const signatures = objects.filter(isSigningToken).map((secret) => {
    const values = secret.data as Record<string, string>;
    const id = decode(values['token-id']);
    return [`jws-kubeconfig-${id}`, detachedJws(data.kubeconfig ?? '', id, decode(values['token-secret']))];
  });
  return { ...configMap, data: { ...data, ...Object.fromEntries(signatures) } };
}

function isSigningToken(object: Json): boolean {
  if (object.type !== 'bootstrap.kubernetes.io/token') return false;
  return decode((object.data as Record<string, string>)['usage-bootstrap-signing']) === 'true';
}

function detachedJws(content: string, keyId: string, secret: string): string {
  const header = Buffer.from(JSON.stringify({ alg: 'HS256', kid: keyId })).toString('base64url');
  const payload = Buffer.from(content).toString('base64url');
  const signature = createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url');
  return `${header}..${signature}`;
}

function decode(value: string | undefined): string {
  return Buffer.from(value ?? '', 'base64').toString();
}
