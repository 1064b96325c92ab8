import { counted, listed } from '../../events/words.ts';
import type { Check } from '../check.ts';
import { hasRole } from '../look-up.ts';

const HOSTNAME = /^(?=.{1,63}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;

const hostname: Check = {
  name: 'hostname',
  title: 'the host name, which the node gets',
  why: 'the API server refuses a node of such a name, and static pods are named after it',
  mend: 'Set it with `hostnamectl set-hostname`: lower-case letters, digits, hyphens and dots, 63 characters at most, for good.',
  severity: 'error',
  inspect({ host: { hostname: name } }) {
    if (!HOSTNAME.test(name)) return [{ found: `${JSON.stringify(name)} cannot be the name of a node` }];
    const isAnybodys = name === 'localhost' || name.startsWith('localhost.');
    return isAnybodys ? [{ found: `the host is called ${name}, as every host is that nobody named` }] : [];
  },
};

const caMinion: Check = {
  name: 'ca-minion',
  title: 'the host name, compared with ca.minion of the configuration',
  why: 'the certificate authorities are made on the host of that name, which this one is not',
  mend: 'Run it on the host that is named there, or mend ca.minion in the configuration.',
  severity: 'error',
  inspect(subject) {
    const { host, configuration } = subject;
    const { minion } = configuration.ca;
    if (!hasRole(subject, 'bootstrap') || minion === host.hostname) return [];
    return [{ found: `the host is called ${host.hostname}, and ca.minion is ${minion}` }];
  },
};

const hostnameResolution: Check = {
  name: 'hostname-resolution',
  title: 'what the host name resolves to on the host',
  why: 'programs that look for their own address, Salt among them, wait for an answer or take a wrong one',
  mend: 'Write the address that the host has on the control plane, and its name, into /etc/hosts.',
  severity: 'warning',
  inspect({ host: { hostname: name, addresses, network } }) {
    const { ownName } = network;
    if (ownName.length === 0) return [{ found: `${name} resolves to nothing` }];
    const loopback = ownName.filter((address) => address.startsWith('127.') || address === '::1');
    if (loopback.length > 0) return [{ found: `${name} resolves to ${listed(loopback)}, which is any host itself` }];
    const foreign = ownName.filter((address) => !address.includes(':') && !addresses.includes(address));
    if (foreign.length === 0) return [];
    return [{ found: `${name} resolves to ${listed(foreign)}, which is no address of the host` }];
  },
};

const localhost: Check = {
  name: 'localhost',
  title: 'what localhost resolves to on the host',
  why: 'health checks, and forwarded ports of pods, go to localhost and have to reach 127.0.0.1',
  mend: 'See to it that /etc/hosts has the line "127.0.0.1 localhost".',
  severity: 'error',
  inspect({ host: { network } }) {
    if (network.localhost.includes('127.0.0.1')) return [];
    const answer = network.localhost.length === 0 ? 'nothing' : listed(network.localhost);
    return [{ found: `localhost resolves to ${answer}` }];
  },
};

const nameServers: Check = {
  name: 'name-servers',
  title: 'name servers of the host',
  why: 'the kubelet gives the resolver file of the host to pods, and starts none without one; the DNS server of the cluster asks the servers in it',
  mend: 'Name the servers of the site in /etc/resolv.conf. Where there are none, leave it empty and set kubernetes.coreDNS.hostForward to false.',
  severity: 'error',
  inspect({ host: { network }, configuration }) {
    if (network.nameServers === null)
      return [{ found: '/etc/resolv.conf is not there, or is a link that leads nowhere' }];
    if (network.nameServers.length > 0 || !configuration.kubernetes.coreDNS.hostForward) return [];
    return [{ found: '/etc/resolv.conf names no server, and kubernetes.coreDNS.hostForward is on' }];
  },
};

const nameServerLoop: Check = {
  name: 'name-server-loop',
  title: 'name servers that pods cannot reach',
  why: 'in a pod 127.0.0.1 is the pod itself: the DNS server of the cluster would ask itself, notices it and ends',
  mend: 'Name the servers that the local one asks in /etc/resolv.conf, or use systemd-resolved, whose own list is taken then.',
  severity: 'error',
  inspect({ host: { network }, configuration }) {
    const local = (network.nameServers ?? []).filter((address) => address.startsWith('127.') || address === '::1');
    if (local.length === 0) return [];
    const severity = configuration.kubernetes.coreDNS.hostForward ? 'error' : 'warning';
    return [{ severity, found: `/etc/resolv.conf names ${listed(local)}` }];
  },
};

/** What the C library reads, and what the kubelet takes over. */
const MOST_SERVERS = 3;
const MOST_DOMAINS = 29;

const resolverLimits: Check = {
  name: 'resolver-limits',
  title: 'length of the resolver file',
  why: 'the kubelet adds domains of the cluster and cuts what is too long: some names of the site will not be found in pods',
  mend: 'Leave the servers and domains that are needed.',
  severity: 'warning',
  inspect({ host: { network } }) {
    const servers = network.nameServers?.length ?? 0;
    const domains = network.searchDomains.length;
    return [
      ...(servers > MOST_SERVERS
        ? [{ found: `${counted(servers, 'name server')}, of which ${MOST_SERVERS} are used` }]
        : []),
      ...(domains > MOST_DOMAINS
        ? [{ found: `${counted(domains, 'search domain')}, of which ${MOST_DOMAINS} are left to the host` }]
        : []),
    ];
  },
};

export const nameChecks = [
  hostname,
  caMinion,
  hostnameResolution,
  localhost,
  nameServers,
  nameServerLoop,
  resolverLimits,
] as const;
