import { hasCredentials, parseUrl } from '../../documents/parse-url.ts';

/** Proxy of containerd. Credentials are refused: it becomes an environment variable, and part of plans, files and an object in the cluster. */
export function checkProxyUrl(text: string): string | undefined {
  const url = parseUrl(text);
  if (url === undefined) return 'must be a URL such as http://proxy.example.com:3128';
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return 'must be a URL that starts with http:// or https://';
  if (hasCredentials(text, url)) {
    return 'must hold no user name or password, since the configuration is no place for secrets: let the proxy admit the nodes by address, or put one in front that logs in';
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    return 'must be the URL of a proxy: scheme, host and port, without a path';
  return undefined;
}

/** Issuer of OpenID Connect, as kube-apiserver takes it: https, no credentials, query or fragment. */
export function checkHttpsUrl(text: string): string | undefined {
  const url = parseUrl(text);
  if (url === undefined || url.protocol !== 'https:') return 'must be a URL that starts with https://';
  if (hasCredentials(text, url)) return 'must hold no user name or password';
  if (url.search !== '' || url.hash !== '') return 'must be a URL without query and fragment';
  return undefined;
}
