import { listed } from '../../events/words.ts';
import type { NetworkInterface } from '../../facts/observed-host.ts';
import { addressesIn, planeAddresses as addressesOn, type Plane } from '../../facts/plane-address.ts';
import type { Check, CheckResult, PreflightSubject } from '../check.ts';
import { planeAddresses } from '../look-up.ts';
import { endpoint } from './endpoint.ts';

function missingAddress({ host, configuration }: PreflightSubject, plane: Plane): readonly CheckResult[] {
  const cidrs = configuration.networks[plane].cidr;
  if (addressesIn(host.addresses, cidrs).length > 0) return [];
  const has = host.addresses.length === 0 ? 'none at all' : listed(host.addresses);
  return [{ found: `the host has no address in ${listed(cidrs)} (networks.${plane}.cidr); it has ${has}` }];
}

const controlPlaneAddress: Check = {
  name: 'control-plane-address',
  title: 'an address of the host on the control plane',
  why: 'the API server, etcd, the registry and the kubelet listen on it and on nothing else',
  mend: 'Give the host an address there, or name the network that it has one in.',
  severity: 'error',
  inspect: (subject) => missingAddress(subject, 'controlPlane'),
};

const workloadPlaneAddress: Check = {
  name: 'workload-plane-address',
  title: 'an address of the host on the workload plane',
  why: 'pods of different nodes talk over it, and services for users are reached on it',
  mend: 'Give the host an address there, or name the network that it has one in.',
  severity: 'error',
  inspect(subject) {
    const { controlPlane, workloadPlane } = subject.configuration.networks;
    // One network for both is one finding.
    return isSame(controlPlane.cidr, workloadPlane.cidr) ? [] : missingAddress(subject, 'workloadPlane');
  },
};

const ambiguousAddress: Check = {
  name: 'ambiguous-address',
  title: 'several addresses of the host on one plane',
  why: 'the first is taken; when it is one that moves, such as a virtual address, the node loses its own',
  mend: 'Narrow networks.controlPlane.cidr or networks.workloadPlane.cidr to the network of the address that is meant.',
  severity: 'warning',
  inspect({ host, configuration: { networks } }) {
    const found = (['controlPlane', 'workloadPlane'] as const).map((plane) => ({
      plane,
      addresses: [...new Set(addressesOn(host.addresses, networks, plane))],
    }));
    return found
      .filter(({ addresses }) => addresses.length > 1)
      .map(({ plane, addresses }) => ({
        found: `${listed(addresses)} are in networks.${plane}.cidr; ${addresses[0]} is taken`,
      }));
  },
};

const duplicateAddress: Check = {
  name: 'duplicate-address',
  title: 'one address on several interfaces',
  why: 'answers leave by another interface than requests came in, and are dropped on the way',
  mend: 'Take it from all but one: `ip address del ADDRESS dev NAME`, and out of the configuration of the network.',
  severity: 'error',
  inspect({ host: { network } }) {
    const all = network.interfaces.flatMap(({ name, addresses }) =>
      addresses.map((address) => ({ name, address: bare(address) })),
    );
    return [...Map.groupBy(all, ({ address }) => address)]
      .filter(([address, on]) => on.length > 1 && !address.startsWith('127.'))
      .map(([address, on]) => ({ found: `${address} is on ${listed(on.map(({ name }) => name))}` }));
  },
};

/** Of its own on the planes: a virtual address may be on its way from one machine to another. */
function ownAddresses({ host, configuration: { networks } }: PreflightSubject): readonly string[] {
  const planes = ['controlPlane', 'workloadPlane'] as const;
  return [...new Set(planes.flatMap((plane) => addressesOn(host.addresses, networks, plane)))];
}

const addressConflict: Check = {
  name: 'address-conflict',
  title: 'whether another machine on the link holds an address of the host (ARP)',
  why: 'packets for the host go now to one machine, now to the other: connections break off, and certificates seem to be wrong',
  mend: 'Give one of the two another address. A router that answers for all addresses (proxy ARP) has to leave out those of the link.',
  severity: 'error',
  inspect(subject) {
    const { interfaces, addressProbes } = subject.host.network;
    const ownMacs = interfaces.map(({ mac }) => mac);
    const asked = addressProbes.flatMap(({ heldBy, ...probe }) => (heldBy === null ? [] : [{ ...probe, heldBy }]));
    const others = ownAddresses(subject).flatMap((address) => {
      const probes = asked.filter((probe) => probe.address === address);
      // The host answers itself where two of its interfaces are on one link.
      const macs = new Set(probes.flatMap(({ heldBy }) => heldBy.filter((mac) => !ownMacs.includes(mac))));
      return macs.size === 0 ? [] : [{ found: `${address} is also held by ${listed([...macs])}` }];
    });
    const unasked = ownAddresses(subject).filter((address) => {
      const { up, mac } = interfaceOf(subject, address) ?? {};
      return up === true && mac !== null && !asked.some((probe) => probe.address === address);
    });
    return unasked.length === 0 ? others : [...others, couldNotBeAsked(unasked)];
  },
};

function couldNotBeAsked(addresses: readonly string[]): CheckResult {
  return {
    found: `other machines could not be asked about ${listed(addresses)}`,
    severity: 'warning',
    mend: 'Install arping (package iputils) from the distribution, and run as root.',
  };
}

const planeInterface: Check = {
  name: 'plane-interface',
  title: 'whether the interfaces of the planes are up',
  why: 'other nodes cannot reach the host there',
  mend: 'See the cable and `ip link`; `nmcli connection up NAME` switches a connection on.',
  severity: 'error',
  inspect(subject) {
    const { controlPlane, workloadPlane } = planeAddresses(subject);
    const down = new Set([controlPlane, workloadPlane].flatMap((address) => interfaceOf(subject, address) ?? []));
    return [...down].filter(({ up }) => !up).map(({ name }) => ({ found: `the interface ${name} is down` }));
  },
};

const mtu: Check = {
  name: 'mtu',
  title: 'the MTU of the workload plane, compared with networks.workloadPlane.mtu',
  why: 'larger packets of pods than the interface takes are dropped: connections open, and stop with the first large answer',
  mend: 'Set networks.workloadPlane.mtu to the lowest MTU of all hosts, or raise that of the interface.',
  severity: 'error',
  inspect(subject) {
    const wanted = subject.configuration.networks.workloadPlane.mtu;
    const found = interfaceOf(subject, planeAddresses(subject).workloadPlane);
    if (found === undefined || found.mtu >= wanted) return [];
    return [{ found: `${found.name} has an MTU of ${found.mtu}, and networks.workloadPlane.mtu is ${wanted}` }];
  },
};

function interfaceOf({ host }: PreflightSubject, address: string | undefined): NetworkInterface | undefined {
  if (address === undefined) return undefined;
  return host.network.interfaces.find(({ addresses }) => addresses.some((each) => bare(each) === address));
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((cidr) => other.includes(cidr));
}

/** Without prefix length. */
function bare(address: string): string {
  return address.replace(/\/.*$/, '');
}

const openedPorts: Check = {
  name: 'opened-ports',
  title: 'addresses that node ports and host ports are opened on',
  why: 'services that users are to reach by them are not reached on this host',
  mend: 'Name a network that the host has an address in, in networks.nodeport.cidr and networks.portmap.cidr.',
  severity: 'warning',
  inspect({ host, configuration: { networks } }) {
    return (['nodeport', 'portmap'] as const)
      .filter((kind) => !isSame(networks[kind].cidr, networks.workloadPlane.cidr))
      .filter((kind) => addressesIn(host.addresses, networks[kind].cidr).length === 0)
      .map((kind) => ({ found: `the host has no address in ${listed(networks[kind].cidr)} (networks.${kind}.cidr)` }));
  },
};

export const addressChecks = [
  controlPlaneAddress,
  workloadPlaneAddress,
  ambiguousAddress,
  endpoint,
  duplicateAddress,
  addressConflict,
  planeInterface,
  mtu,
  openedPorts,
] as const;
