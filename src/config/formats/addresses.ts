import { shown } from '../../documents/shown.ts';
import { addressCount, formatCidr, parseAddress, parseCidr } from '../cidr.ts';
import { checkDnsName } from './names.ts';

const NOT_IPV6 = 'neither IPv6 nor dual-stack is supported yet, only IPv4';

/** Host and port of an endpoint. */
export type Endpoint = { readonly host: string; readonly port: number };

export function checkCidr(text: string): string | undefined {
  if (text.includes(':')) return `${shown(text)} is ${text.includes(',') ? 'dual-stack' : 'IPv6'}: ${NOT_IPV6}`;
  if (text.includes(',')) return `${shown(text)} is more than one CIDR: write a list`;
  if (parseAddress(text) !== undefined) return `${shown(text)} has no prefix length: write for example ${text}/24`;
  const cidr = parseCidr(text);
  if (cidr === undefined) return explainBadCidr(text);
  const canonical = formatCidr(cidr);
  if (canonical !== text) return `${shown(text)} has bits set beyond its prefix: the network is ${canonical}`;
  return undefined;
}

function explainBadCidr(text: string): string {
  const [address = '', suffix = ''] = text.split('/');
  const mask = parseAddress(suffix);
  const prefix = mask === undefined ? undefined : prefixOf(mask);
  if (parseAddress(address) !== undefined && prefix !== undefined) {
    return `${shown(text)} has a netmask: write the prefix length, ${address}/${prefix}`;
  }
  if (/(^|\.)0[0-9]/.test(address))
    return `${shown(text)} has a leading zero, which some programs read as octal: leave it out`;
  return `${shown(text)} is not an IPv4 CIDR such as 10.200.1.0/24`;
}

function prefixOf(mask: number): number | undefined {
  return Array.from({ length: 33 }, (_, prefix) => prefix).find((prefix) => mask === 2 ** 32 - addressCount(prefix));
}

export function checkIpv4Address(text: string): string | undefined {
  if (text.includes(':')) return `${shown(text)} is IPv6: ${NOT_IPV6}`;
  return parseAddress(text) === undefined ? `${shown(text)} is not an IPv4 address` : undefined;
}

/** An IPv4 address, or a DNS name as kubeadm takes it for an endpoint: lower case, RFC 1123. */
export function checkHost(text: string): string | undefined {
  if (looksLikeIpv6(text)) return `${shown(text)} is IPv6: ${NOT_IPV6}`;
  if (parseAddress(text) !== undefined) return undefined;
  if (/^[0-9.]+$/.test(text)) return `${shown(text)} is not an IPv4 address`;
  return checkDnsName(text);
}

export function checkEndpoint(text: string): string | undefined {
  if (text.includes('://')) return 'must be host or host:port, without the scheme of a URL';
  if (looksLikeIpv6(text)) return `${shown(text)} is IPv6: ${NOT_IPV6}`;
  const [host = '', port, ...rest] = text.split(':');
  if (rest.length > 0 || host === '') return `${shown(text)} is not host or host:port`;
  if (port !== undefined && !isPort(port)) return `${shown(text)} has no port from 1 to 65535 after the colon`;
  const hostProblem = checkHost(host);
  if (hostProblem !== undefined) return hostProblem;
  if (host === 'localhost' || host === '0.0.0.0' || host.startsWith('127.')) {
    return `${shown(text)} is not an address that other nodes can reach`;
  }
  return undefined;
}

/** Splits an endpoint that checkEndpoint accepts; the port is 6443 when left out. */
export function parseEndpoint(text: string): Endpoint {
  const [host = '', port = '6443'] = text.split(':');
  return { host, port: Number(port) };
}

/** What Go programs (golang.org/x/net/http/httpproxy) understand in NO_PROXY; IPv6 too, since it does no harm there. */
export function checkNoProxyEntry(text: string): string | undefined {
  if (text.includes('://') || text.includes('@')) return 'must be a host, domain, address or CIDR, not a URL';
  if (/[\s,]/.test(text)) return 'must be one host, domain, address or CIDR: write a list of several entries';
  if (text === '*' || looksLikeIpv6(text)) return undefined;
  if (text.includes('/')) return parseCidr(text) === undefined ? `${shown(text)} is not a CIDR` : undefined;
  const [host = '', port, ...rest] = text.split(':');
  if (rest.length > 0 || (port !== undefined && !isPort(port))) return `${shown(text)} is not host:port`;
  return /^(\*?\.)?[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?$/.test(host)
    ? undefined
    : `${shown(text)} is not a host, domain (.example.com), address or CIDR`;
}

function looksLikeIpv6(text: string): boolean {
  return text.startsWith('[') || (text.match(/:/g) ?? []).length > 1;
}

function isPort(text: string): boolean {
  return /^[1-9][0-9]{0,4}$/.test(text) && Number(text) <= 65535;
}
