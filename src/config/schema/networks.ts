import type { ObjectSchema } from '../../documents/schema.ts';
import { oneOrMore } from './one-or-more.ts';

const controlPlane: ObjectSchema = {
  title: 'Control-plane network',
  description:
    'The network of everything administrative: API server, etcd, registry and kubelet listen on it and on nothing else.',
  type: 'object',
  additionalProperties: false,
  required: ['cidr'],
  properties: {
    cidr: oneOrMore('ipv4-cidr', {
      title: 'Control-plane CIDRs',
      description:
        'One CIDR, or several when the nodes do not all stand in one network. Each node must own an address in one of them.',
      examples: ['10.200.1.0/24'],
    }),
    endpoint: {
      title: 'Control-plane endpoint',
      description:
        'Address in front of the API servers, as host or host:port (port 6443 when left out): of a load balancer, which passes connections ' +
        'on to port 6443 of the control-plane addresses and may hold a virtual address on the nodes themselves. A virtual address alone ' +
        "leads nowhere, since API servers do not listen on it. kubeadm's controlPlaneEndpoint. Left out, it is the first node's " +
        'control-plane address and port 6443. Nodes reach the API servers without it; users and tools use it.',
      type: 'string',
      format: 'endpoint',
      examples: ['api.example.com:6443'],
    },
    ingress: {
      title: 'Control-plane ingress',
      description: 'Address and controller of the ingress for administrative user interfaces.',
      unused: 'there is no control-plane ingress yet; it comes with the ingress component',
      type: 'object',
      additionalProperties: false,
      properties: {
        ip: {
          title: 'Ingress address',
          description: 'Address that the control-plane ingress answers on.',
          type: 'string',
          format: 'ipv4-address',
        },
        controller: {
          title: 'Ingress controller',
          description: 'Replicas and spreading of the ingress controller.',
          type: 'object',
          additionalProperties: false,
          properties: {
            replicas: {
              title: 'Replicas',
              description: 'Number of ingress controllers.',
              type: 'integer',
              minimum: 0,
              maximum: 1000,
            },
            affinity: podAffinity('ingress controllers'),
          },
        },
      },
    },
    metalLB: {
      title: 'MetalLB',
      description: 'Whether MetalLB holds the address of the control-plane ingress.',
      unused:
        'MetalLB is not deployed (the original left it in 125); for a highly available API server put a load balancer or a virtual ' +
        'address in front and name it in networks.controlPlane.endpoint',
      type: 'object',
      additionalProperties: false,
      properties: { enabled: { title: 'Enabled', description: 'Whether MetalLB is deployed.', type: 'boolean' } },
    },
  },
};

const workloadPlane: ObjectSchema = {
  title: 'Workload-plane network',
  description: 'The network that pods of different nodes talk over, and that services for users are reached on.',
  type: 'object',
  additionalProperties: false,
  required: ['cidr'],
  properties: {
    cidr: oneOrMore('ipv4-cidr', {
      title: 'Workload-plane CIDRs',
      description:
        'One CIDR, or several when the nodes do not all stand in one network. Each node must own an address in one of them. May be the ' +
        'same as the control plane.',
      examples: ['10.200.2.0/24'],
    }),
    mtu: {
      title: 'Workload-plane MTU',
      description:
        'The lowest MTU, in bytes, of the whole workload plane. The MTU of pods follows from it, less what encapsulation takes.',
      type: 'integer',
      minimum: 576,
      maximum: 65535,
      default: 1460,
    },
  },
};

/** The schema of the short affinity notation that several fields share; `what` names the pods. */
export function podAffinity(what: string): ObjectSchema {
  const term = (weight: boolean): ObjectSchema => ({
    title: 'Term',
    description: 'Nodes with different values of a label count as different places.',
    type: 'object',
    additionalProperties: false,
    required: ['topologyKey'],
    properties: {
      topologyKey: {
        title: 'Topology key',
        description: 'Node label that tells places apart.',
        type: 'string',
        format: 'label-key',
        examples: ['kubernetes.io/hostname'],
      },
      ...(weight && {
        weight: {
          title: 'Weight',
          description: 'Preference among several terms.',
          type: 'integer',
          minimum: 1,
          maximum: 100,
          default: 1,
        },
      }),
    },
  });
  return {
    title: 'Affinity',
    description: `Where ${what} are placed relative to each other.`,
    type: 'object',
    additionalProperties: false,
    properties: {
      podAntiAffinity: {
        title: 'Pod anti-affinity',
        description: `How ${what} are kept apart.`,
        type: 'object',
        additionalProperties: false,
        properties: {
          soft: {
            title: 'Preferred',
            description: 'Kept apart where possible.',
            type: 'array',
            items: term(true),
            default: [{ topologyKey: 'kubernetes.io/hostname' }],
          },
          hard: {
            title: 'Required',
            description: 'Kept apart always: a pod that cannot be is not started.',
            type: 'array',
            items: term(false),
            default: [],
            examples: [[{ topologyKey: 'kubernetes.io/hostname' }]],
          },
        },
      },
    },
  };
}

export const networks: ObjectSchema = {
  title: 'Networks',
  description: 'The networks of the cluster. IPv4 only: IPv6 and dual-stack are not supported yet.',
  type: 'object',
  additionalProperties: false,
  required: ['controlPlane', 'workloadPlane'],
  properties: {
    controlPlane,
    workloadPlane,
    pods: oneOrMore('ipv4-cidr', {
      title: 'Pod network',
      description:
        'Addresses of pods. Each node takes a /24 of it, so a /16 holds 256 nodes. It may overlap neither the services nor a plane.',
      default: ['10.233.0.0/16'],
    }),
    services: oneOrMore('ipv4-cidr', {
      title: 'Service network',
      description: 'Virtual addresses of services, /12 to /28. It may overlap neither the pods nor a plane.',
      default: ['10.96.0.0/12'],
    }),
    portmap: {
      title: 'Host ports',
      description: 'Where the host ports of pods listen.',
      type: 'object',
      additionalProperties: false,
      properties: {
        cidr: oneOrMore('ipv4-cidr', {
          title: 'Host port CIDRs',
          description: 'Host ports are opened on the addresses of a node that lie in these CIDRs.',
          defaultFrom: 'networks.workloadPlane.cidr',
        }),
      },
    },
    nodeport: {
      title: 'Node ports',
      description: 'Where services of type NodePort listen.',
      type: 'object',
      additionalProperties: false,
      properties: {
        cidr: oneOrMore('ipv4-cidr', {
          title: 'Node port CIDRs',
          description:
            "Node ports are opened on the addresses of a node that lie in these CIDRs: kube-proxy's nodePortAddresses.",
          defaultFrom: 'networks.workloadPlane.cidr',
        }),
      },
    },
    cni: {
      title: 'Network plugin',
      description:
        'The plugin that connects pods: calico, deployed and upgraded with the cluster, or none, when you bring your own: nodes stay ' +
        'NotReady until it is there.',
      type: 'string',
      enum: ['calico', 'none'],
      default: 'calico',
    },
  },
};
