import { MetalK8sError } from '../errors/metalk8s-error.ts';

/** Throws a `PREFLIGHT_FAILED` for a user who may not change a host. `command`: what they gave. */
export function requireRoot(uid: number, command: string): void {
  if (uid === 0) return;
  throw new MetalK8sError('PREFLIGHT_FAILED', 'only root may change this host, and you are another user', {
    where: `uid ${uid}`,
    hint: `Run it as root: ${command.startsWith('sudo ') ? command : `sudo ${command}`}`,
  });
}
