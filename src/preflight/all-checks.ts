import type { Check } from './check.ts';
import { addressChecks } from './checks/addresses.ts';
import { cgroupChecks } from './checks/cgroups.ts';
import { diskChecks } from './checks/disks.ts';
import { fileSystemChecks } from './checks/file-systems.ts';
import { kernelChecks } from './checks/kernel.ts';
import { leftoverChecks } from './checks/leftovers.ts';
import { nameChecks } from './checks/names.ts';
import { networkServiceChecks } from './checks/network-services.ts';
import { packageChecks } from './checks/packages.ts';
import { portChecks } from './checks/ports.ts';
import { resourceChecks } from './checks/resources.ts';
import { routeChecks } from './checks/routes.ts';
import { securityChecks } from './checks/security.ts';
import { serviceChecks } from './checks/services.ts';
import { systemChecks } from './checks/system.ts';
import { timeChecks } from './checks/time.ts';

/** Every check, by topic, in the order in which findings are told. */
export const checkTopics: readonly { readonly topic: string; readonly checks: readonly Check[] }[] = [
  { topic: 'System', checks: systemChecks },
  { topic: 'Resources', checks: resourceChecks },
  { topic: 'Kernel', checks: kernelChecks },
  { topic: 'Control groups', checks: cgroupChecks },
  { topic: 'Time', checks: timeChecks },
  { topic: 'Names', checks: nameChecks },
  { topic: 'Addresses', checks: addressChecks },
  { topic: 'Routes', checks: routeChecks },
  { topic: 'Ports', checks: portChecks },
  { topic: 'Network services', checks: networkServiceChecks },
  { topic: 'Disks', checks: diskChecks },
  { topic: 'File systems', checks: fileSystemChecks },
  { topic: 'Packages', checks: packageChecks },
  { topic: 'Services', checks: serviceChecks },
  { topic: 'Security', checks: securityChecks },
  { topic: 'Leftovers', checks: leftoverChecks },
];

export const allChecks: readonly Check[] = checkTopics.flatMap(({ checks }) => checks);

export const checkNames: readonly string[] = allChecks.map(({ name }) => name);
