import type { Socket } from '../../facts/observed-host.ts';
import { LOOPBACK, listenersOf, type NodeListener } from '../../kubernetes/listeners.ts';
import type { Check, PreflightSubject } from '../check.ts';
import { planeAddresses } from '../look-up.ts';

const ports: Check = {
  name: 'ports',
  title: 'ports that the cluster listens on, by address and by who holds them',
  why: 'what is to listen there cannot start',
  mend: 'End what listens there, and keep it from starting again, or have it listen on another address or port.',
  severity: 'error',
  inspect(subject) {
    return listenersFor(subject).flatMap((listener) => {
      const holder = subject.host.sockets.find((socket) => conflicts(socket, listener));
      if (holder === undefined || (subject.ours && isOurs(holder, listener))) return [];
      return [{ found: `${socketText(holder)}, which ${listener.component} needs for ${listener.serves}` }];
    });
  },
};

function listenersFor(subject: PreflightSubject): readonly NodeListener[] {
  const { roles, configuration } = subject;
  const { controlPlane, workloadPlane } = planeAddresses(subject);
  // Without an address on a plane, which is a finding of its own, the ports are still to be free on all addresses.
  return listenersOf({
    roles,
    controlPlaneAddress: controlPlane ?? '',
    workloadPlaneAddress: workloadPlane ?? '',
    cni: configuration.networks.cni,
  });
}

const ANY = ['0.0.0.0', '::', '*'];

function conflicts({ protocol, address, port }: Socket, listener: NodeListener): boolean {
  return (
    protocol === listener.protocol && port === listener.port && (address === listener.address || ANY.includes(address))
  );
}

/** Names of processes as the kernel keeps them, 15 letters at most. VXLAN is the kernel's own. */
const PROCESSES: Readonly<Record<string, string>> = { registry: 'nginx', 'apiserver-proxy': 'nginx' };

function isOurs({ process }: Socket, { component, protocol }: NodeListener): boolean {
  if (process === null) return protocol === 'udp';
  return process.name.slice(0, 15) === (PROCESSES[component] ?? component).slice(0, 15);
}

function socketText({ protocol, address, port, process }: Socket): string {
  const holder = process === null ? 'something that is not told' : `${process.name} (process ${process.pid})`;
  return `${holder} listens on ${address}:${port}${protocol === 'udp' ? '/udp' : ''}`;
}

/** Of Services of type NodePort: kube-apiserver's default, which we do not change. */
const NODE_PORTS = { first: 30_000, last: 32_767 };

const localPortRange: Check = {
  name: 'local-port-range',
  title: 'ports that the kernel takes for outgoing connections (net.ipv4.ip_local_port_range)',
  why: 'a connection may hold the port of a component when it starts, or that of a Service: now and then one of them fails',
  mend: 'Set net.ipv4.ip_local_port_range to "32768 60999", the default, in /etc/sysctl.d, then `sysctl --system`.',
  severity: 'warning',
  inspect(subject) {
    const { settings } = subject.host.kernel;
    const text = settings['net.ipv4.ip_local_port_range'] ?? '';
    const [first, last] = text.split(/\s+/).map(Number);
    if (first === undefined || last === undefined) return [];
    const reserved = rangesOf(settings['net.ipv4.ip_local_reserved_ports'] ?? '');
    const isFree = (port: number) =>
      port < first || port > last || reserved.some((range) => port >= range.first && port <= range.last);
    const taken = listenersFor(subject).filter(({ address, port }) => address !== LOOPBACK && !isFree(port));
    const nodePorts = !isFree(NODE_PORTS.first) || !isFree(NODE_PORTS.last);
    const what = [
      ...(nodePorts ? [`node ports (${NODE_PORTS.first} to ${NODE_PORTS.last})`] : []),
      ...taken.map(({ component, port }) => `${port} of ${component}`),
    ];
    if (what.length === 0) return [];
    return [{ found: `the range is ${first} to ${last}, with ${[...new Set(what)].join(', ')} in it` }];
  },
};

/** Of `8080,9000-9100`. */
function rangesOf(text: string) {
  return text
    .split(',')
    .map((part) => part.trim().split('-').map(Number))
    .map(([first = 0, last = first]) => ({ first, last }));
}

export const portChecks = [ports, localPortRange] as const;
