import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { GatheredFacts } from './gathered-facts.ts';
import type { ObservedHost } from './observed-host.ts';

/** What plans need of what was observed. Throws a `PREFLIGHT_FAILED` for a host that releases can have no packages for. */
export function gatheredFacts(observed: ObservedHost): GatheredFacts {
  const { hostname, platform, system } = observed;
  if (platform === null) {
    const name = system.prettyName || `${system.id} ${system.versionId}`.trim();
    throw new MetalK8sError(
      'PREFLIGHT_FAILED',
      `${name} on ${system.architecture} is no system that releases carry packages for`,
      {
        where: hostname,
        hint: 'Use Enterprise Linux: RHEL, Rocky Linux, AlmaLinux, Oracle Linux or CentOS Stream. `metalk8s inspect ARCHIVE` lists the versions.',
      },
    );
  }
  const { cpus, memoryBytes, certificateDirectories, systemdResolved, addresses, mountsImages, administrator } =
    observed;
  return {
    hostname,
    cpus,
    memoryBytes,
    certificateDirectories,
    systemdResolved,
    platform,
    addresses,
    mountsImages,
    administrator,
  };
}
