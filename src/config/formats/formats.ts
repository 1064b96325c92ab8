import type { Format } from '../../documents/format.ts';
import { checkCidr, checkEndpoint, checkHost, checkIpv4Address, checkNoProxyEntry } from './addresses.ts';
import { checkCron } from './cron.ts';
import {
  checkAbsolutePath,
  checkFeatureGate,
  checkLabelKey,
  checkLine,
  checkNodeName,
  checkUserName,
} from './names.ts';
import { checkHttpsUrl, checkProxyUrl } from './urls.ts';

export type FormatName =
  | 'ipv4-cidr'
  | 'ipv4-address'
  | 'endpoint'
  | 'host'
  | 'no-proxy-entry'
  | 'node-name'
  | 'user-name'
  | 'feature-gate'
  | 'label-key'
  | 'line'
  | 'absolute-path'
  | 'proxy-url'
  | 'https-url'
  | 'cron';

const octet = '(25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})';
const address = `${octet}(\\.${octet}){3}`;
const label = '[a-z0-9]([a-z0-9-]*[a-z0-9])?';
const dnsName = `${label}(\\.${label})*`;

export const formats: Readonly<Record<FormatName, Format>> = {
  'ipv4-cidr': { title: 'IPv4 CIDR', check: checkCidr, pattern: `^${address}/(3[0-2]|[12]?[0-9])$` },
  'ipv4-address': { title: 'IPv4 address', check: checkIpv4Address, pattern: `^${address}$` },
  endpoint: { title: 'host or host:port', check: checkEndpoint, pattern: `^${dnsName}(:[0-9]{1,5})?$` },
  host: { title: 'host name or IPv4 address', check: checkHost, pattern: `^${dnsName}$` },
  'no-proxy-entry': { title: 'host, domain, address or CIDR', check: checkNoProxyEntry, pattern: '^[^\\s,]+$' },
  'node-name': { title: 'node name', check: checkNodeName, pattern: `^(?=.{1,63}$)${dnsName}$` },
  'user-name': { title: 'user name', check: checkUserName, pattern: '^[A-Za-z_][A-Za-z0-9_.-]{0,31}$' },
  'feature-gate': { title: 'feature gate', check: checkFeatureGate, pattern: '^[A-Z][A-Za-z0-9]*$' },
  'label-key': {
    title: 'label key',
    check: checkLabelKey,
    pattern: '^([a-z0-9.-]+/)?[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$',
  },
  line: { title: 'text', check: checkLine, pattern: '^\\S.*$' },
  'absolute-path': { title: 'absolute path', check: checkAbsolutePath, pattern: '^/.+$' },
  'proxy-url': { title: 'URL', check: checkProxyUrl, pattern: '^[hH][tT][tT][pP][sS]?://[^@\\s]+$' },
  'https-url': { title: 'https URL', check: checkHttpsUrl, pattern: '^[hH][tT][tT][pP][sS]://[^@\\s]+$' },
  cron: { title: 'cron schedule', check: checkCron, pattern: '^\\S+(\\s+\\S+){4}$' },
};
