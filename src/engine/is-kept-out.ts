import { isMetalK8sError } from '../errors/metalk8s-error.ts';

/** Whether a file could not be looked at because not even root may, as in a home on a server that takes root for nobody. */
export function isKeptOut(error: unknown): boolean {
  if (!isMetalK8sError(error) || !(error.cause instanceof Error) || !('code' in error.cause)) return false;
  return error.cause.code === 'EACCES' || error.cause.code === 'EPERM';
}
