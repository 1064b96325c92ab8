import type { EffectiveConfiguration } from '../../../config/configuration.types.ts';

/** How pods of different nodes reach each other: in VXLAN always, only where nodes are of different subnets, or never. */
type Encapsulation = 'Always' | 'CrossSubnet' | 'Never';

export interface CalicoSettings {
  readonly encapsulation: Encapsulation;
  /** Bytes that the workload plane carries in one piece; `auto`: Calico looks at each host's interface. */
  readonly workloadPlaneMtu: number | 'auto';
  /** CIDRs that each node has an address in, which pods' traffic goes by. */
  readonly workloadPlane: readonly string[];
  /** CIDR that pods get addresses from. */
  readonly podSubnet: string;
  /** Host ports of pods open on addresses of a node in these CIDRs. */
  readonly hostPortSubnets: readonly string[];
}

/** What a configuration says of Calico. Only traffic between subnets is encapsulated, as upstream has it. */
export function calicoSettings({ networks }: EffectiveConfiguration): CalicoSettings {
  const [podSubnet = ''] = networks.pods;
  return {
    encapsulation: 'CrossSubnet',
    workloadPlaneMtu: networks.workloadPlane.mtu,
    workloadPlane: networks.workloadPlane.cidr,
    podSubnet,
    hostPortSubnets: networks.portmap.cidr,
  };
}
