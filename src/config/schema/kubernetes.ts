import type { ObjectSchema } from '../../documents/schema.ts';
import { podAffinity } from './networks.ts';

const apiServer: ObjectSchema = {
  title: 'API server',
  description: 'Settings of kube-apiserver.',
  type: 'object',
  additionalProperties: false,
  properties: {
    featureGates: {
      title: 'Feature gates',
      description: 'Feature gates of kube-apiserver to switch on or off, by name.',
      type: 'object',
      propertyNames: { format: 'feature-gate' },
      additionalProperties: { title: 'State', description: 'On (true) or off (false).', type: 'boolean' },
      default: {},
      examples: [{ StorageVersionMigrator: true }],
    },
    oidc: {
      title: 'OpenID Connect',
      description:
        'Lets users log in with tokens of an OpenID Connect provider. Give issuerURL and clientID, or nothing at all.',
      type: 'object',
      additionalProperties: false,
      properties: {
        issuerURL: {
          title: 'Issuer',
          description: 'URL of the provider, https only, as its tokens spell it.',
          type: 'string',
          format: 'https-url',
          examples: ['https://login.example.com'],
        },
        clientID: {
          title: 'Client id',
          description: 'The client that tokens must be issued for.',
          type: 'string',
          format: 'line',
          examples: ['kubernetes'],
        },
        CAFile: {
          title: 'CA file',
          description:
            "Certificate of the authority that signed the provider's certificate, on the control-plane hosts. Left out, the host's " +
            'authorities are trusted.',
          type: 'string',
          format: 'absolute-path',
          examples: ['/etc/metalk8s/oidc-ca.crt'],
        },
        usernameClaim: {
          title: 'User name claim',
          description: 'Claim that is the user name; left out, sub.',
          type: 'string',
          format: 'line',
          examples: ['email'],
        },
        groupsClaim: {
          title: 'Groups claim',
          description: "Claim that lists the user's groups; left out, users are in no group.",
          type: 'string',
          format: 'line',
          examples: ['groups'],
        },
      },
    },
  },
};

const controllerManager: ObjectSchema = {
  title: 'Controller manager',
  description: 'Settings of kube-controller-manager.',
  type: 'object',
  additionalProperties: false,
  properties: {
    config: {
      title: 'Configuration',
      description: 'What may be changed.',
      type: 'object',
      additionalProperties: false,
      properties: {
        terminatedPodGCThreshold: {
          title: 'Terminated pods kept',
          description: 'How many terminated pods may exist before the oldest are deleted; 0 deletes none.',
          type: 'integer',
          minimum: 0,
          maximum: 2147483647,
          default: 500,
        },
      },
    },
  },
};

const coreDNS: ObjectSchema = {
  title: 'CoreDNS',
  description: 'Settings of the DNS server of the cluster.',
  type: 'object',
  additionalProperties: false,
  properties: {
    hostForward: {
      title: 'Forward to the host',
      description:
        "Whether names outside the cluster are asked of the host's own DNS servers. Switch off where hosts have none.",
      type: 'boolean',
      default: true,
    },
    replicas: {
      title: 'Replicas',
      description: 'Number of DNS servers.',
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      default: 2,
    },
    affinity: podAffinity('the DNS servers'),
  },
};

const kubeProxy: ObjectSchema = {
  title: 'kube-proxy',
  description: 'Settings of kube-proxy on every node.',
  type: 'object',
  additionalProperties: false,
  properties: {
    config: {
      title: 'Configuration',
      description: 'Fields of KubeProxyConfiguration that may be changed.',
      type: 'object',
      additionalProperties: false,
      properties: {
        conntrack: {
          title: 'Connection tracking',
          description: 'How many connections the kernel tracks.',
          type: 'object',
          additionalProperties: false,
          properties: {
            maxPerCore: {
              title: 'Connections per processor',
              description:
                "How many connections the kernel of a host tracks for each processor, and 131072 in all at least; 0 leaves the host's own " +
                "limit alone, for hosts where it cannot be changed. Left out, kube-proxy's own default of 32768.",
              type: 'integer',
              minimum: 0,
              maximum: 2147483647,
              examples: [65536],
            },
          },
        },
      },
    },
  },
};

const kubelet: ObjectSchema = {
  title: 'Kubelet',
  description: 'Settings of the kubelet on every node.',
  type: 'object',
  additionalProperties: false,
  properties: {
    config: {
      title: 'Configuration',
      description: 'Fields of KubeletConfiguration that may be changed.',
      type: 'object',
      additionalProperties: false,
      properties: {
        maxPods: {
          title: 'Pods per node',
          description: "How many pods a node runs at most; left out, the kubelet's own default of 110.",
          type: 'integer',
          minimum: 1,
          maximum: 65535,
          examples: [110],
        },
      },
    },
    allowCgroupV1: {
      title: 'Allow cgroup v1',
      description:
        'Whether the kubelet starts on a host with cgroup v1, which Kubernetes refuses since 1.35. Preflight names the hosts that have it.',
      type: 'boolean',
      default: false,
    },
  },
};

export const kubernetes: ObjectSchema = {
  title: 'Kubernetes',
  description: 'Settings of the components of Kubernetes. What is not here is as kubeadm sets it.',
  type: 'object',
  additionalProperties: false,
  properties: {
    apiServer,
    controllerManager,
    coreDNS,
    kubeProxy,
    kubelet,
    certificates: {
      title: 'Certificates',
      description: 'How certificates are made.',
      type: 'object',
      additionalProperties: false,
      properties: {
        keyAlgorithm: {
          title: 'Key algorithm',
          description:
            "Algorithm and size of every private key that is made: kubeadm's encryptionAlgorithm. Existing keys stay as they are.",
          type: 'string',
          enum: ['RSA-2048', 'RSA-3072', 'RSA-4096', 'ECDSA-P256', 'ECDSA-P384'],
          default: 'RSA-2048',
        },
      },
    },
    secretsEncryption: {
      title: 'Encryption of secrets',
      description:
        'How Secrets are encrypted in etcd: secretbox (XSalsa20 and Poly1305), or aescbc (AES-CBC) where only algorithms that FIPS 140 ' +
        'knows are allowed. The key is made on the first node and stands in no file that metalk8s prints.',
      type: 'string',
      enum: ['secretbox', 'aescbc'],
      default: 'secretbox',
    },
  },
};
