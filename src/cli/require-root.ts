import { MetalK8sError } from '../errors/metalk8s-error.ts';

/** Throws a `PREFLIGHT_FAILED` for a user who may not do with a host what only root may. `command`: what they gave. */
export function requireRoot(uid: number, command: string, what = 'change this host'): void {
  if (uid === 0) return;
  throw new MetalK8sError('PREFLIGHT_FAILED', `only root may ${what}, and you are another user`, {
    where: `uid ${uid}`,
    hint: `Run it as root: ${command.startsWith('sudo ') ? command : `sudo ${command}`}`,
  });
}
