import type { FileSystem, UnitState } from '../facts/observed-host.ts';
import { planeAddresses as addressesOn } from '../facts/plane-address.ts';
import type { NodeRole } from '../kubernetes/node-role.ts';
import type { PreflightSubject } from './check.ts';

/** Whether the host is to have any of these roles. */
export function hasRole({ roles }: PreflightSubject, ...wanted: readonly NodeRole[]): boolean {
  return wanted.some((role) => roles.includes(role));
}

/** The addresses that a node has on each plane: the first one of each. */
export function planeAddresses({ host, configuration: { networks } }: PreflightSubject) {
  const [controlPlane] = addressesOn(host.addresses, networks, 'controlPlane');
  const [workloadPlane] = addressesOn(host.addresses, networks, 'workloadPlane');
  return { controlPlane, workloadPlane };
}

/** The file system that a path is, or will be, on; undefined: nobody asked. */
export function fileSystemOf({ host }: PreflightSubject, path: string): FileSystem | undefined {
  return host.fileSystems.find((each) => each.path === path);
}

/** Those of the units that run, or will after the next start of the host. */
export function unitsInUse({ host }: PreflightSubject, names: readonly string[]): readonly UnitState[] {
  return host.units.filter(({ name, active, enabled }) => names.includes(name) && (active || enabled));
}

/** `firewalld.service is active and enabled` */
export function unitText({ name, active, enabled }: UnitState): string {
  const states = [...(active ? ['active'] : []), ...(enabled ? ['enabled'] : [])];
  return `${name} is ${states.join(' and ')}`;
}

/** Those of the packages that are installed, as `NAME VERSION`. */
export function installedOf({ host }: PreflightSubject, names: readonly string[]): readonly string[] {
  const installed = host.packages.installed ?? [];
  return installed.filter(({ name }) => names.includes(name)).map(({ name, version }) => `${name} ${version}`);
}
