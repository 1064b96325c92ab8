import { type Cidr, containsAddress, overlap, parseCidr } from '../../config/cidr.ts';
import type { Route } from '../../facts/observed-host.ts';
import type { Check, CheckResult, PreflightSubject } from '../check.ts';

const serviceRoute: Check = {
  name: 'service-route',
  title: 'a route for addresses of Services',
  why: 'the kernel looks for a route before it turns the address of a Service into that of a pod: without one the host reaches no Service',
  mend: 'Add a default route; where there is no router, one for the services alone: `ip route add SERVICES dev INTERFACE`, for good.',
  severity: 'error',
  inspect({ host: { network }, configuration: { networks } }) {
    const routed = cidrsOf(network.routes.filter(isUnicast));
    return networks.services
      .filter((text) => {
        const services = parseCidr(text);
        return services !== undefined && !covers(routed, services);
      })
      .map((text) => ({
        found: `no route leads to all of ${text} (networks.services), and there is no default route`,
      }));
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
