/*
 * Generated from src/config/schema by scripts/generate-from-schemas.ts: change it there.
 */

/** The configuration as a user writes it, in the shape that the schema asks for. */
export type BootstrapConfiguration = {
  /** Version of this format. Files of v1alpha2 are read too; `metalk8s config migrate` rewrites them. */
  readonly apiVersion: 'metalk8s.scality.com/v1alpha3';
  /** What this file is. */
  readonly kind: 'BootstrapConfiguration';
  /** The networks of the cluster. IPv4 only: IPv6 and dual-stack are not supported yet. */
  readonly networks: {
    /**
     * The network of everything administrative: API server, etcd, registry and kubelet listen on it and on nothing
     * else.
     */
    readonly controlPlane: {
      /**
       * One CIDR, or several when the nodes do not all stand in one network. Each node must own an address in one
       * of them.
       */
      readonly cidr: string | readonly string[];
      /**
       * Address in front of the API servers, as host or host:port (port 6443 when left out): of a load balancer,
       * which passes connections on to port 6443 of the control-plane addresses and may hold a virtual address on
       * the nodes themselves. A virtual address alone leads nowhere, since API servers do not listen on it.
       * kubeadm's controlPlaneEndpoint. Left out, it is the first node's control-plane address and port 6443. Nodes
       * reach the API servers without it; users and tools use it.
       */
      readonly endpoint?: string;
      /**
       * Address and controller of the ingress for administrative user interfaces. Has no effect: there is no
       * control-plane ingress yet; it comes with the ingress component.
       */
      readonly ingress?: {
        /** Address that the control-plane ingress answers on. */
        readonly ip?: string;
        /** Replicas and spreading of the ingress controller. */
        readonly controller?: {
          /** Number of ingress controllers. */
          readonly replicas?: number;
          /** Where ingress controllers are placed relative to each other. */
          readonly affinity?: {
            /** How ingress controllers are kept apart. */
            readonly podAntiAffinity?: {
              /** Kept apart where possible. */
              readonly soft?: readonly {
                /** Node label that tells places apart. */
                readonly topologyKey: string;
                /** Preference among several terms. */
                readonly weight?: number;
              }[];
              /** Kept apart always: a pod that cannot be is not started. */
              readonly hard?: readonly {
                /** Node label that tells places apart. */
                readonly topologyKey: string;
              }[];
            };
          };
        };
      };
      /**
       * Whether MetalLB holds the address of the control-plane ingress. Has no effect: MetalLB is not deployed (the
       * original left it in 125); for a highly available API server put a load balancer or a virtual address in
       * front and name it in networks.controlPlane.endpoint.
       */
      readonly metalLB?: {
        /** Whether MetalLB is deployed. */
        readonly enabled?: boolean;
      };
    };
    /** The network that pods of different nodes talk over, and that services for users are reached on. */
    readonly workloadPlane: {
      /**
       * One CIDR, or several when the nodes do not all stand in one network. Each node must own an address in one
       * of them. May be the same as the control plane.
       */
      readonly cidr: string | readonly string[];
      /**
       * The lowest MTU, in bytes, of the whole workload plane. The MTU of pods follows from it, less what
       * encapsulation takes.
       */
      readonly mtu?: number;
    };
    /**
     * Addresses of pods. Each node takes a /24 of it, so a /16 holds 256 nodes. It may overlap neither the services
     * nor a plane.
     */
    readonly pods?: string | readonly string[];
    /** Virtual addresses of services, /12 to /28. It may overlap neither the pods nor a plane. */
    readonly services?: string | readonly string[];
    /** Where the host ports of pods listen. */
    readonly portmap?: {
      /** Host ports are opened on the addresses of a node that lie in these CIDRs. */
      readonly cidr?: string | readonly string[];
    };
    /** Where services of type NodePort listen. */
    readonly nodeport?: {
      /** Node ports are opened on the addresses of a node that lie in these CIDRs: kube-proxy's nodePortAddresses. */
      readonly cidr?: string | readonly string[];
    };
    /**
     * The plugin that connects pods: calico, deployed and upgraded with the cluster, or none, when you bring your
     * own: nodes stay NotReady until it is there.
     */
    readonly cni?: 'calico' | 'none';
  };
  /** Where the certificate authorities are made. */
  readonly ca: {
    /**
     * Name of the first node, which makes the certificate authorities: a lower-case RFC 1123 name of at most 63
     * characters. In the original it was the host's Salt minion id.
     */
    readonly minion: string;
  };
  /**
   * ISO files, mounted ISOs or directories with the same content, by absolute path. Several versions may stand side
   * by side.
   */
  readonly archives: string | readonly string[];
  /**
   * HTTP proxies for containerd, for images of registries that no archive has any of: what an archive has images of
   * is asked of the nodes alone. metalk8s itself and the components of Kubernetes use none. A URL may hold no user
   * name or password: the configuration is no place for secrets.
   */
  readonly proxies?: {
    /** Proxy for plain HTTP. */
    readonly http?: string;
    /** Proxy for HTTPS. */
    readonly https?: string;
    /**
     * Hosts, domains (.example.com), addresses and CIDRs to reach without proxy, beside localhost, the planes, pods
     * and services.
     */
    readonly no_proxy?: readonly string[];
  };
  /** Whether components log more than usual. */
  readonly debug?: boolean;
  /** Services beside the core. */
  readonly addons?: {
    /**
     * Whether Dex is deployed. Has no effect: no identity provider is deployed; name yours in
     * kubernetes.apiServer.oidc.
     */
    readonly dex?: {
      /** Whether Dex is deployed. */
      readonly enabled?: boolean;
    };
    /**
     * Whether Loki is deployed. Has no effect: the logging component is not part of a release yet; nothing is
     * deployed.
     */
    readonly loki?: {
      /** Whether Loki is deployed. */
      readonly enabled?: boolean;
    };
    /**
     * Whether Fluent Bit is deployed. Has no effect: the logging component is not part of a release yet; nothing is
     * deployed.
     */
    readonly 'fluent-bit'?: {
      /** Whether Fluent Bit is deployed. */
      readonly enabled?: boolean;
    };
  };
  /** Settings of the components of Kubernetes. What is not here is as kubeadm sets it. */
  readonly kubernetes?: {
    /** Settings of kube-apiserver. */
    readonly apiServer?: {
      /** Feature gates of kube-apiserver to switch on or off, by name. */
      readonly featureGates?: Readonly<Record<string, boolean>>;
      /**
       * Lets users log in with tokens of an OpenID Connect provider. Give issuerURL and clientID, or nothing at
       * all.
       */
      readonly oidc?: {
        /** URL of the provider, https only, as its tokens spell it. */
        readonly issuerURL?: string;
        /** The client that tokens must be issued for. */
        readonly clientID?: string;
        /**
         * Certificate of the authority that signed the provider's certificate, on the control-plane hosts. Left
         * out, the host's authorities are trusted.
         */
        readonly CAFile?: string;
        /** Claim that is the user name; left out, sub. */
        readonly usernameClaim?: string;
        /** Claim that lists the user's groups; left out, users are in no group. */
        readonly groupsClaim?: string;
      };
    };
    /** Settings of kube-controller-manager. */
    readonly controllerManager?: {
      /** What may be changed. */
      readonly config?: {
        /** How many terminated pods may exist before the oldest are deleted; 0 deletes none. */
        readonly terminatedPodGCThreshold?: number;
      };
    };
    /** Settings of the DNS server of the cluster. */
    readonly coreDNS?: {
      /**
       * Whether names outside the cluster are asked of the host's own DNS servers. Switch off where hosts have
       * none.
       */
      readonly hostForward?: boolean;
      /** Number of DNS servers. */
      readonly replicas?: number;
      /** Where the DNS servers are placed relative to each other. */
      readonly affinity?: {
        /** How the DNS servers are kept apart. */
        readonly podAntiAffinity?: {
          /** Kept apart where possible. */
          readonly soft?: readonly {
            /** Node label that tells places apart. */
            readonly topologyKey: string;
            /** Preference among several terms. */
            readonly weight?: number;
          }[];
          /** Kept apart always: a pod that cannot be is not started. */
          readonly hard?: readonly {
            /** Node label that tells places apart. */
            readonly topologyKey: string;
          }[];
        };
      };
    };
    /** Settings of kube-proxy on every node. */
    readonly kubeProxy?: {
      /** Fields of KubeProxyConfiguration that may be changed. */
      readonly config?: {
        /** How many connections the kernel tracks. */
        readonly conntrack?: {
          /**
           * How many connections the kernel of a host tracks for each processor, and 131072 in all at least; 0
           * leaves the host's own limit alone, for hosts where it cannot be changed. Left out, kube-proxy's own
           * default of 32768.
           */
          readonly maxPerCore?: number;
        };
      };
    };
    /** Settings of the kubelet on every node. */
    readonly kubelet?: {
      /** Fields of KubeletConfiguration that may be changed. */
      readonly config?: {
        /** How many pods a node runs at most; left out, the kubelet's own default of 110. */
        readonly maxPods?: number;
      };
      /**
       * Whether the kubelet starts on a host with cgroup v1, which Kubernetes refuses since 1.35. Preflight names
       * the hosts that have it.
       */
      readonly allowCgroupV1?: boolean;
    };
    /** How certificates are made. */
    readonly certificates?: {
      /**
       * Algorithm and size of every private key that is made: kubeadm's encryptionAlgorithm. Existing keys stay as
       * they are.
       */
      readonly keyAlgorithm?: 'RSA-2048' | 'RSA-3072' | 'RSA-4096' | 'ECDSA-P256' | 'ECDSA-P384';
    };
    /**
     * How Secrets are encrypted in etcd: secretbox (XSalsa20 and Poly1305), or aescbc (AES-CBC) where only
     * algorithms that FIPS 140 knows are allowed. The key is made on the first node and stands in no file that
     * metalk8s prints.
     */
    readonly secretsEncryption?: 'secretbox' | 'aescbc';
  };
  /**
   * How other hosts are reached, unless a node's own annotations say otherwise. Host keys are always verified, and
   * there is no field for a password: a sudo password is asked for, or read from a file that a flag names. This
   * release reaches no other host yet.
   */
  readonly ssh?: {
    /** The user to log in as. With another than root, set sudo. */
    readonly user?: string;
    /** The port that sshd listens on. */
    readonly port?: number;
    /** Whether to become root by sudo after logging in. */
    readonly sudo?: boolean;
    /** Private key file on the machine that runs metalk8s; left out, the keys of the SSH agent. */
    readonly keyFile?: string;
    /** File of host keys, or of a host certificate authority, in OpenSSH's known_hosts format. */
    readonly knownHosts?: string;
    /**
     * A host to jump through (ProxyJump) where nodes are not reached directly. Its host key is verified like any
     * other.
     */
    readonly bastion?: {
      /** Address or name of the bastion. */
      readonly host: string;
      /** The port that sshd listens on. */
      readonly port?: number;
      /** The user to log in as on the bastion; it needs no rights there. */
      readonly user?: string;
      /** Private key file on the machine that runs metalk8s; left out, the keys of the SSH agent. */
      readonly keyFile?: string;
    };
  };
  /**
   * Backups of the control plane. They hold the cluster's private keys, so they are written encrypted or not at
   * all. This release makes none yet.
   */
  readonly backup?: {
    /** Where backups are kept on each control-plane node. */
    readonly directory?: string;
    /** How many backups are kept; the oldest are deleted. */
    readonly retention?: number;
    /** When backups are made: minute, hour, day of month, month and day of week as in cron, in UTC. */
    readonly schedule?: string;
    /**
     * OpenPGP public key of whoever may read the backups. Its private key belongs somewhere else than on the
     * cluster. Left out, no backup is made by schedule.
     */
    readonly recipientFile?: string;
  };
  /** Settings of Salt. */
  readonly salt?: {
    /** Tuning of the Salt master. Has no effect: nodes run Salt without a master, so there is nothing to tune. */
    readonly master?: {
      /** Number of worker threads. */
      readonly worker_threads?: number;
      /** Seconds to wait for an answer of a minion. */
      readonly timeout?: number;
    };
  };
};

/** The configuration in effect: with defaults, lists where one or more are allowed, and without the fields that are not used. */
export type EffectiveConfiguration = {
  /** Version of this format. Files of v1alpha2 are read too; `metalk8s config migrate` rewrites them. */
  readonly apiVersion: 'metalk8s.scality.com/v1alpha3';
  /** What this file is. */
  readonly kind: 'BootstrapConfiguration';
  /** The networks of the cluster. IPv4 only: IPv6 and dual-stack are not supported yet. */
  readonly networks: {
    /**
     * The network of everything administrative: API server, etcd, registry and kubelet listen on it and on nothing
     * else.
     */
    readonly controlPlane: {
      /**
       * One CIDR, or several when the nodes do not all stand in one network. Each node must own an address in one
       * of them.
       */
      readonly cidr: readonly string[];
      /**
       * Address in front of the API servers, as host or host:port (port 6443 when left out): of a load balancer,
       * which passes connections on to port 6443 of the control-plane addresses and may hold a virtual address on
       * the nodes themselves. A virtual address alone leads nowhere, since API servers do not listen on it.
       * kubeadm's controlPlaneEndpoint. Left out, it is the first node's control-plane address and port 6443. Nodes
       * reach the API servers without it; users and tools use it.
       */
      readonly endpoint?: string;
    };
    /** The network that pods of different nodes talk over, and that services for users are reached on. */
    readonly workloadPlane: {
      /**
       * One CIDR, or several when the nodes do not all stand in one network. Each node must own an address in one
       * of them. May be the same as the control plane.
       */
      readonly cidr: readonly string[];
      /**
       * The lowest MTU, in bytes, of the whole workload plane. The MTU of pods follows from it, less what
       * encapsulation takes.
       */
      readonly mtu: number;
    };
    /**
     * Addresses of pods. Each node takes a /24 of it, so a /16 holds 256 nodes. It may overlap neither the services
     * nor a plane.
     */
    readonly pods: readonly string[];
    /** Virtual addresses of services, /12 to /28. It may overlap neither the pods nor a plane. */
    readonly services: readonly string[];
    /** Where the host ports of pods listen. */
    readonly portmap: {
      /** Host ports are opened on the addresses of a node that lie in these CIDRs. */
      readonly cidr: readonly string[];
    };
    /** Where services of type NodePort listen. */
    readonly nodeport: {
      /** Node ports are opened on the addresses of a node that lie in these CIDRs: kube-proxy's nodePortAddresses. */
      readonly cidr: readonly string[];
    };
    /**
     * The plugin that connects pods: calico, deployed and upgraded with the cluster, or none, when you bring your
     * own: nodes stay NotReady until it is there.
     */
    readonly cni: 'calico' | 'none';
  };
  /** Where the certificate authorities are made. */
  readonly ca: {
    /**
     * Name of the first node, which makes the certificate authorities: a lower-case RFC 1123 name of at most 63
     * characters. In the original it was the host's Salt minion id.
     */
    readonly minion: string;
  };
  /**
   * ISO files, mounted ISOs or directories with the same content, by absolute path. Several versions may stand side
   * by side.
   */
  readonly archives: readonly string[];
  /**
   * HTTP proxies for containerd, for images of registries that no archive has any of: what an archive has images of
   * is asked of the nodes alone. metalk8s itself and the components of Kubernetes use none. A URL may hold no user
   * name or password: the configuration is no place for secrets.
   */
  readonly proxies: {
    /** Proxy for plain HTTP. */
    readonly http?: string;
    /** Proxy for HTTPS. */
    readonly https?: string;
    /**
     * Hosts, domains (.example.com), addresses and CIDRs to reach without proxy, beside localhost, the planes, pods
     * and services.
     */
    readonly no_proxy: readonly string[];
  };
  /** Whether components log more than usual. */
  readonly debug: boolean;
  /** Settings of the components of Kubernetes. What is not here is as kubeadm sets it. */
  readonly kubernetes: {
    /** Settings of kube-apiserver. */
    readonly apiServer: {
      /** Feature gates of kube-apiserver to switch on or off, by name. */
      readonly featureGates: Readonly<Record<string, boolean>>;
      /**
       * Lets users log in with tokens of an OpenID Connect provider. Give issuerURL and clientID, or nothing at
       * all.
       */
      readonly oidc?: {
        /** URL of the provider, https only, as its tokens spell it. */
        readonly issuerURL?: string;
        /** The client that tokens must be issued for. */
        readonly clientID?: string;
        /**
         * Certificate of the authority that signed the provider's certificate, on the control-plane hosts. Left
         * out, the host's authorities are trusted.
         */
        readonly CAFile?: string;
        /** Claim that is the user name; left out, sub. */
        readonly usernameClaim?: string;
        /** Claim that lists the user's groups; left out, users are in no group. */
        readonly groupsClaim?: string;
      };
    };
    /** Settings of kube-controller-manager. */
    readonly controllerManager: {
      /** What may be changed. */
      readonly config: {
        /** How many terminated pods may exist before the oldest are deleted; 0 deletes none. */
        readonly terminatedPodGCThreshold: number;
      };
    };
    /** Settings of the DNS server of the cluster. */
    readonly coreDNS: {
      /**
       * Whether names outside the cluster are asked of the host's own DNS servers. Switch off where hosts have
       * none.
       */
      readonly hostForward: boolean;
      /** Number of DNS servers. */
      readonly replicas: number;
      /** Where the DNS servers are placed relative to each other. */
      readonly affinity: {
        /** How the DNS servers are kept apart. */
        readonly podAntiAffinity: {
          /** Kept apart where possible. */
          readonly soft: readonly {
            /** Node label that tells places apart. */
            readonly topologyKey: string;
            /** Preference among several terms. */
            readonly weight: number;
          }[];
          /** Kept apart always: a pod that cannot be is not started. */
          readonly hard: readonly {
            /** Node label that tells places apart. */
            readonly topologyKey: string;
          }[];
        };
      };
    };
    /** Settings of kube-proxy on every node. */
    readonly kubeProxy?: {
      /** Fields of KubeProxyConfiguration that may be changed. */
      readonly config?: {
        /** How many connections the kernel tracks. */
        readonly conntrack?: {
          /**
           * How many connections the kernel of a host tracks for each processor, and 131072 in all at least; 0
           * leaves the host's own limit alone, for hosts where it cannot be changed. Left out, kube-proxy's own
           * default of 32768.
           */
          readonly maxPerCore?: number;
        };
      };
    };
    /** Settings of the kubelet on every node. */
    readonly kubelet: {
      /** Fields of KubeletConfiguration that may be changed. */
      readonly config?: {
        /** How many pods a node runs at most; left out, the kubelet's own default of 110. */
        readonly maxPods?: number;
      };
      /**
       * Whether the kubelet starts on a host with cgroup v1, which Kubernetes refuses since 1.35. Preflight names
       * the hosts that have it.
       */
      readonly allowCgroupV1: boolean;
    };
    /** How certificates are made. */
    readonly certificates: {
      /**
       * Algorithm and size of every private key that is made: kubeadm's encryptionAlgorithm. Existing keys stay as
       * they are.
       */
      readonly keyAlgorithm: 'RSA-2048' | 'RSA-3072' | 'RSA-4096' | 'ECDSA-P256' | 'ECDSA-P384';
    };
    /**
     * How Secrets are encrypted in etcd: secretbox (XSalsa20 and Poly1305), or aescbc (AES-CBC) where only
     * algorithms that FIPS 140 knows are allowed. The key is made on the first node and stands in no file that
     * metalk8s prints.
     */
    readonly secretsEncryption: 'secretbox' | 'aescbc';
  };
  /**
   * How other hosts are reached, unless a node's own annotations say otherwise. Host keys are always verified, and
   * there is no field for a password: a sudo password is asked for, or read from a file that a flag names. This
   * release reaches no other host yet.
   */
  readonly ssh: {
    /** The user to log in as. With another than root, set sudo. */
    readonly user: string;
    /** The port that sshd listens on. */
    readonly port: number;
    /** Whether to become root by sudo after logging in. */
    readonly sudo: boolean;
    /** Private key file on the machine that runs metalk8s; left out, the keys of the SSH agent. */
    readonly keyFile?: string;
    /** File of host keys, or of a host certificate authority, in OpenSSH's known_hosts format. */
    readonly knownHosts: string;
    /**
     * A host to jump through (ProxyJump) where nodes are not reached directly. Its host key is verified like any
     * other.
     */
    readonly bastion?: {
      /** Address or name of the bastion. */
      readonly host: string;
      /** The port that sshd listens on. */
      readonly port: number;
      /** The user to log in as on the bastion; it needs no rights there. */
      readonly user: string;
      /** Private key file on the machine that runs metalk8s; left out, the keys of the SSH agent. */
      readonly keyFile?: string;
    };
  };
  /**
   * Backups of the control plane. They hold the cluster's private keys, so they are written encrypted or not at
   * all. This release makes none yet.
   */
  readonly backup: {
    /** Where backups are kept on each control-plane node. */
    readonly directory: string;
    /** How many backups are kept; the oldest are deleted. */
    readonly retention: number;
    /** When backups are made: minute, hour, day of month, month and day of week as in cron, in UTC. */
    readonly schedule: string;
    /**
     * OpenPGP public key of whoever may read the backups. Its private key belongs somewhere else than on the
     * cluster. Left out, no backup is made by schedule.
     */
    readonly recipientFile?: string;
  };
};
