import { parseEndpoint } from '../../config/formats/addresses.ts';
import { listeners } from '../../kubernetes/listeners.ts';
import type { Check } from '../check.ts';
import { planeAddresses } from '../look-up.ts';

export const endpoint: Check = {
  name: 'endpoint',
  title: 'whether something listens on networks.controlPlane.endpoint, where that is an address of the host',
  why: 'the API server listens on the address that the host has for its own: nobody answers on a virtual one, unless something passes connections on',
  mend:
    'Start a load balancer there that passes connections on to port 6443 of the control-plane addresses, or leave the endpoint out. ' +
    'Where it is to be the own address of the host, narrow networks.controlPlane.cidr to it.',
  severity: 'error',
  inspect(subject) {
    const { host, configuration } = subject;
    const { endpoint } = configuration.networks.controlPlane;
    if (endpoint === undefined) return [];
    const { host: address, port } = parseEndpoint(endpoint);
    const isOwn = address === planeAddresses(subject).controlPlane && port === listeners.apiserver.port;
    if (isOwn || !host.addresses.includes(address)) return [];
    const places = [address, '0.0.0.0'];
    const answers = host.sockets.some(
      (socket) => socket.protocol === 'tcp' && socket.port === port && places.includes(socket.address),
    );
    return answers ? [] : [{ found: `${address} is an address of the host, and nothing listens on its port ${port}` }];
  },
};
