import type { HostFacts } from '../kubernetes/cluster-node.ts';

/** Everything that a plan needs to know of a host. Plain data, so that it can be kept and compared. */
export interface GatheredFacts extends HostFacts {
  /** System and architecture as releases name what packages are for: `el9/x86_64`. */
  readonly platform: string;
  /** IPv4 addresses of its interfaces, in the kernel's order, without 127.0.0.0/8. */
  readonly addresses: readonly string[];
  /** Whether its kernel mounts an image: there are loop devices and ISO 9660. */
  readonly mountsImages: boolean;
  /** Who works on it: whoever called sudo, or root. */
  readonly administrator: Administrator;
}

export interface Administrator {
  readonly name: string;
  readonly group: string;
  /** Absolute. */
  readonly home: string;
}
