import { readFileSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { getCACertificates } from 'node:tls';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';

/** An answer whose body is still to be read. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: IncomingMessage;
  /** Where it came from in the end, without what a redirection may have added as a secret. */
  readonly from: string;
}

export interface HttpClient {
  /**
   * Follows redirections to `https:` addresses, five at most. An address that itself is `http:` is asked as it is: whoever allows one
   * knows the content by something else. Throws what Node.js throws when nobody answers.
   */
  get(url: string, headers: Readonly<Record<string, string>>, stop: AbortSignal): Promise<HttpAnswer>;
  close(): void;
}

const MOST_REDIRECTIONS = 5;

/** Nothing has come for so long that nothing will, milliseconds. */
const SILENCE = 30_000;

/**
 * Asks through the proxies that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` of the environment name. Servers are known by the certificates
 * of the system and of Node.js; by those in the file `SSL_CERT_FILE` alone when the environment names one, as OpenSSL, skopeo and dnf do.
 */
export function createHttpClient(env: Readonly<Record<string, string | undefined>>): HttpClient {
  let agents: { readonly plain: Agent; readonly tls: TlsAgent } | undefined;
  const connect = ({ protocol }: URL) => {
    const options = { keepAlive: true, proxyEnv: env, timeout: SILENCE };
    agents ??= { plain: new Agent(options), tls: new TlsAgent({ ...options, ca: authorities(env.SSL_CERT_FILE) }) };
    return protocol === 'https:' ? agents.tls : agents.plain;
  };
  return {
    async get(url, headers, stop) {
      let address = checkedAddress(url);
      for (let redirections = 0; ; redirections++) {
        const body = await ask({ address, headers, stop, agent: connect(address) });
        const status = body.statusCode ?? 0;
        const { location } = body.headers;
        if (![301, 302, 303, 307, 308].includes(status) || location === undefined) {
          return { status, headers: body.headers, body, from: shownAddress(address) };
        }
        body.destroy();
        if (redirections === MOST_REDIRECTIONS) {
          throw refused(address, `it redirects more than ${MOST_REDIRECTIONS} times`);
        }
        address = redirectedTo(location, address);
      }
    },
    close() {
      agents?.plain.destroy();
      agents?.tls.destroy();
    },
  };
}

/** An address as it may be shown: a query often holds a signature. */
function shownAddress({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}

interface Asking {
  readonly address: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly stop: AbortSignal;
  readonly agent: Agent;
}

function ask({ address, headers, stop, agent }: Asking): Promise<IncomingMessage> {
  const sent = { 'user-agent': 'metalk8s', 'accept-encoding': 'identity', ...headers };
  return new Promise((resolve, reject) => {
    const send = address.protocol === 'https:' ? tlsRequest : request;
    const outgoing = send(address, { agent, headers: sent, signal: stop }, resolve);
    outgoing.on('timeout', () => outgoing.destroy(new Error(`nothing came for ${SILENCE / 1000} s`)));
    outgoing.on('error', reject).end();
  });
}

function checkedAddress(url: string): URL {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address === undefined) throw new MetalK8sError('RELEASE_INVALID', `${JSON.stringify(url)} is no address`);
  if (!/^https?:$/.test(address.protocol)) throw refused(address, 'it is neither an https: nor an http: address');
  if (address.username !== '' || address.password !== '') throw refused(address, 'it holds a user or password');
  return address;
}

function redirectedTo(location: string, from: URL): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (to === undefined) throw refused(from, 'it redirects to what is no address');
  if (to.protocol !== 'https:')
    throw refused(from, `it redirects to ${shownAddress(to)}, which is not an https: address`);
  return to;
}

function refused(address: URL, why: string): MetalK8sError {
  return new MetalK8sError('RELEASE_INVALID', `${shownAddress(address)} is not fetched: ${why}`, {
    hint: 'Name another address in the release list, or a mirror of it by --mirrors.',
  });
}

function authorities(file: string | undefined): string[] {
  if (file === undefined || file === '') return [...getCACertificates('default'), ...getCACertificates('system')];
  try {
    return [readFileSync(file, 'utf8')];
  } catch (cause) {
    throw new MetalK8sError('PREFLIGHT_FAILED', 'The certificates to know servers by cannot be read', {
      where: `SSL_CERT_FILE=${file}`,
      hint: 'Name a readable file of PEM certificates, or leave the variable out for those of the system.',
      cause,
    });
  }
}
