import { type Cidr, containsAddress, overlap, parseCidr } from '../../config/cidr.ts';
import type { Route } from '../../facts/observed-host.ts';
import type { Check, CheckResult, PreflightSubject } from '../check.ts';

/** What Calico gives to pods as their gateway, on every host the same. The kernel answers for it, as long as it has a route there itself. */
const POD_GATEWAY = '169.254.1.1';

const serviceRoute: Check = {
  name: 'service-route',
  title: 'routes for addresses of Services, and for the gateway that Calico gives to pods',
  why:
    'the kernel looks for a route before it turns the address of a Service into that of a pod, and answers pods that ask for their gateway ' +
    'only when it has a route there: without one the host, or its pods, reach no Service',
  mend: 'Add a default route, for good; where there is no router, through the interface itself: `ip route add default dev INTERFACE`.',
  severity: 'error',
  inspect({ host: { network }, configuration: { networks } }) {
    const routed = cidrsOf(network.routes.filter(isUnicast));
    const isMissing = (text: string) => {
      const wanted = parseCidr(text);
      return wanted !== undefined && !covers(routed, wanted);
    };
    const services = networks.services.filter(isMissing).map((text) => `all of ${text} (networks.services)`);
    const gateway =
      networks.cni === 'calico' && isMissing(`${POD_GATEWAY}/32`) ? [`${POD_GATEWAY}, the gateway of pods`] : [];
    // Without a default route neither is there, as a rule: one fault.
    const missing = [[...services, ...gateway].join(', or to ')].filter((text) => text !== '');
    return missing.map((text) => ({ found: `no route leads to ${text}, and there is no default route` }));
  },
};

/** Whether all addresses are in the networks together: halves of a network count as the whole. */
function covers(networks: readonly Cidr[], wanted: Cidr): boolean {
  if (networks.some((each) => each.prefix <= wanted.prefix && containsAddress(each, wanted.network))) return true;
  if (!networks.some((each) => overlap(each, wanted))) return false;
  const prefix = wanted.prefix + 1;
  const upper = wanted.network + 2 ** (32 - prefix);
  return covers(networks, { network: wanted.network, prefix }) && covers(networks, { network: upper, prefix });
}

const podNetwork: Check = {
  name: 'pod-network',
  title: 'whether the network of pods is used on the host already',
  why: 'packets to pods would go elsewhere, or what is there now could not be reached any more',
  mend: 'Choose another networks.pods, which cannot be changed later, or take the route away.',
  severity: 'error',
  onlyFresh: true,
  inspect: (subject) => usedBy(subject, 'pods'),
};

const serviceNetwork: Check = {
  name: 'service-network',
  title: 'whether the network of Services is used on the host already',
  why: 'what has an address there now could not be reached from nodes and pods any more',
  mend: 'Choose another networks.services, which cannot be changed later, or take the route away.',
  severity: 'error',
  inspect: (subject) => usedBy(subject, 'services'),
};

/** Routes into a network. One that is wider counts as little as a default route; to all Services there may be one, see `service-route`. */
function usedBy({ host, configuration: { networks } }: PreflightSubject, of: 'pods' | 'services') {
  return networks[of].flatMap((text): CheckResult[] => {
    const wanted = parseCidr(text);
    if (wanted === undefined) return [];
    const widest = of === 'services' ? wanted.prefix + 1 : wanted.prefix;
    return host.network.routes.flatMap((route) => {
      const destination = parseCidr(route.destination);
      if (destination === undefined || destination.prefix < widest || !overlap(destination, wanted)) return [];
      return [{ found: `${routeText(route)} leads into ${text} (networks.${of})` }];
    });
  });
}

const planeRoutes: Check = {
  name: 'plane-routes',
  title: 'routes that lead away from the planes',
  why: 'some hosts of the plane would be looked for elsewhere, and not be found',
  mend: 'Take the route away: `ip route del DESTINATION`, and out of the configuration of the network.',
  severity: 'warning',
  inspect({ host: { network }, configuration: { networks } }) {
    const planes = [...new Set([...networks.controlPlane.cidr, ...networks.workloadPlane.cidr])];
    const own = cidrsOf(
      network.interfaces.flatMap(({ addresses }) => addresses.map((destination) => ({ destination }))),
    );
    return planes.flatMap((plane) => {
      const wanted = parseCidr(plane);
      if (wanted === undefined) return [];
      return network.routes.flatMap((route): CheckResult[] => {
        const destination = parseCidr(route.destination);
        if (destination === undefined || !overlap(destination, wanted)) return [];
        if (isNoDetour(route, destination, wanted, own)) return [];
        return [{ found: `${routeText(route)} takes addresses out of ${plane}` }];
      });
    });
  },
};

/** A route to more than the plane is weaker than one to it; what an interface is in, and the plane itself by a router, is how it is reached. */
function isNoDetour(route: Route, destination: Cidr, plane: Cidr, own: readonly Cidr[]): boolean {
  if (destination.prefix < plane.prefix) return true;
  if (!isUnicast(route)) return false;
  if (destination.prefix === plane.prefix) return true;
  const { gateway } = route;
  return (
    gateway === null && own.some((each) => each.network === destination.network && each.prefix <= destination.prefix)
  );
}

function isUnicast({ type }: Route): boolean {
  return type === 'unicast';
}

function cidrsOf(routes: readonly { readonly destination: string }[]): readonly Cidr[] {
  return routes.flatMap(({ destination }) => parseCidr(destination) ?? []);
}

function routeText({ destination, gateway, device, type }: Route): string {
  const by = [...(gateway === null ? [] : [`via ${gateway}`]), ...(device === null ? [] : [`dev ${device}`])];
  return `the ${type === 'unicast' ? '' : `${type} `}route ${[destination, ...by].join(' ')}`;
}

export const routeChecks = [serviceRoute, podNetwork, serviceNetwork, planeRoutes] as const;
