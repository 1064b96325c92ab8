import { formatPath, type Path, valueAt } from '../../documents/path.ts';
import { fault, type Rule, type RuleProblem, warning } from '../../documents/rule.ts';
import { type Cidr, containsAddress, formatCidr, overlap, parseAddress, parseCidr } from '../cidr.ts';
import { parseEndpoint } from '../formats/addresses.ts';
import { type Asked, isGiven } from './asked.ts';

/** A CIDR of the configuration, and where it stands. */
type Network = { readonly path: Path; readonly field: Path; readonly cidr: Cidr };

/** kube-apiserver takes no more than 20 bits of host; kubeadm gives the DNS server the tenth address. */
const SERVICE_PREFIX = { shortest: 12, longest: 28 };
/** kube-controller-manager cuts a /24 for each node, and takes no network with more than 16 bits above that. */
const POD_PREFIX = { shortest: 8, longest: 24 };

/** Networks that the kubelet takes no node address from, and that nothing routes. */
const unroutable = [
  ['0.0.0.0/8', '"this network"'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved'],
] as const;

const planes = [
  ['networks', 'controlPlane', 'cidr'],
  ['networks', 'workloadPlane', 'cidr'],
] as const;
const pods = ['networks', 'pods'] as const;
const services = ['networks', 'services'] as const;

export const networkRules: readonly Rule<Asked>[] = [
  { name: 'dual-stack', check: dualStack },
  { name: 'overlapping-networks', check: overlappingNetworks },
  { name: 'unroutable-network', check: unroutableNetwork },
  { name: 'redundant-cidr', check: redundantCidr },
  { name: 'service-network-size', check: serviceNetworkSize },
  { name: 'pod-network-size', check: podNetworkSize },
  { name: 'endpoint-in-cluster-network', check: endpointInClusterNetwork },
  { name: 'host-ports-without-calico', check: hostPortsWithoutCalico },
];

function dualStack(asked: Asked): RuleProblem[] {
  const message = 'a second CIDR would be for dual-stack, which is not supported yet: write one';
  return [pods, services].flatMap((field) =>
    networksOf(asked, field)
      .slice(1)
      .map(({ path }) => fault(path, message)),
  );
}

function overlappingNetworks(asked: Asked): RuleProblem[] {
  const [podNetworks, serviceNetworks] = [networksOf(asked, pods), networksOf(asked, services)];
  const planeNetworks = planes.flatMap((plane) => networksOf(asked, plane));
  return [
    ...pairs(podNetworks, serviceNetworks),
    ...pairs(planeNetworks, podNetworks),
    ...pairs(planeNetworks, serviceNetworks),
  ].flatMap(([one, other]) => (overlap(one.cidr, other.cidr) ? [describeOverlap(asked, one, other)] : []));
}

function pairs(ones: readonly Network[], others: readonly Network[]): [Network, Network][] {
  return ones.flatMap((one) => others.map((other): [Network, Network] => [one, other]));
}

function describeOverlap(asked: Asked, one: Network, other: Network): RuleProblem {
  const [first, second] = isGiven(asked, one.field) ? [one, other] : [other, one];
  const name = formatPath(second.field);
  const what = isGiven(asked, second.field) ? name : `the default of ${name}`;
  const way = isGiven(asked, second.field) ? 'give each a network of its own' : `set ${name} to a network of its own`;
  return {
    paths: [first.path, second.path],
    message: `${formatCidr(first.cidr)} overlaps ${what}, ${formatCidr(second.cidr)}: ${way}`,
  };
}

function unroutableNetwork(asked: Asked): RuleProblem[] {
  return [...planes, pods, services]
    .flatMap((field) => networksOf(asked, field))
    .flatMap(({ path, cidr }) => {
      const hit = unroutable.find(([text]) => overlap(cidr, parseCidr(text) ?? cidr));
      if (hit === undefined) return [];
      return [
        fault(path, `${formatCidr(cidr)} has addresses of the ${hit[1]} network ${hit[0]}, which no host can have`),
      ];
    });
}

function redundantCidr(asked: Asked): RuleProblem[] {
  return planes.flatMap((field) => {
    const networks = networksOf(asked, field);
    return networks.flatMap((one, index) => {
      const other = networks.slice(0, index).find((candidate) => overlap(candidate.cidr, one.cidr));
      if (other === undefined) return [];
      return [warning(one.path, `${formatCidr(one.cidr)} overlaps ${formatCidr(other.cidr)} of the same list`)];
    });
  });
}

function serviceNetworkSize(asked: Asked): RuleProblem[] {
  const { shortest, longest } = SERVICE_PREFIX;
  return networksOf(asked, services).flatMap(({ path, cidr }) => {
    const text = formatCidr(cidr);
    if (cidr.prefix < shortest) return [fault(path, `${text} is too large: kube-apiserver takes /${shortest} at most`)];
    if (cidr.prefix > longest)
      return [fault(path, `${text} is too small: DNS takes the tenth address, so /${longest} at least`)];
    return [];
  });
}

function podNetworkSize(asked: Asked): RuleProblem[] {
  const { shortest, longest } = POD_PREFIX;
  return networksOf(asked, pods).flatMap(({ path, cidr }) => {
    const text = formatCidr(cidr);
    if (cidr.prefix < shortest)
      return [fault(path, `${text} is too large: with a /24 for each node, /${shortest} at most`)];
    if (cidr.prefix > longest) return [fault(path, `${text} is too small: each node takes a /24 of it`)];
    const nodes = 2 ** (longest - cidr.prefix);
    const room = nodes === 1 ? 'one node' : `${nodes} nodes`;
    return nodes < 3 ? [warning(path, `${text} has room for ${room} (a /24 each), and cannot be changed later`)] : [];
  });
}

function endpointInClusterNetwork(asked: Asked): RuleProblem[] {
  const path = ['networks', 'controlPlane', 'endpoint'];
  const endpoint = asked.configuration.networks?.controlPlane?.endpoint;
  const address = endpoint === undefined ? undefined : parseAddress(parseEndpoint(endpoint).host);
  if (address === undefined) return [];
  return [pods, services]
    .flatMap((field) => networksOf(asked, field))
    .filter(({ cidr }) => containsAddress(cidr, address))
    .map(({ path: network, field, cidr }) => ({
      paths: [path, network],
      message: `lies in ${formatPath(field)}, ${formatCidr(cidr)}, whose addresses exist within the cluster only`,
    }));
}

function hostPortsWithoutCalico(asked: Asked): RuleProblem[] {
  const path = ['networks', 'portmap', 'cidr'];
  if (asked.configuration.networks?.cni !== 'none' || !isGiven(asked, path)) return [];
  return [warning(path, 'has no effect with networks.cni none: your own plugin opens host ports')];
}

function networksOf({ configuration }: Asked, field: Path): Network[] {
  const texts = valueAt(configuration, field);
  if (!Array.isArray(texts)) return [];
  return texts.flatMap((text, index) => {
    const cidr = typeof text === 'string' ? parseCidr(text) : undefined;
    return cidr === undefined ? [] : [{ path: [...field, index], field, cidr }];
  });
}
