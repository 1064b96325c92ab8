import { MetalK8sError } from '../errors/metalk8s-error.ts';

/** What a reader of signed things throws: `VERIFICATION_FAILED`, with the place and the way out where there is one. */
export function refuse(message: string, where?: string, hint?: string): MetalK8sError {
  return new MetalK8sError('VERIFICATION_FAILED', message, {
    ...(where === undefined ? {} : { where }),
    ...(hint === undefined ? {} : { hint }),
  });
}
