import { MetalK8sError } from '../errors/metalk8s-error.ts';

/** That an archive cannot be written where it is to stay. */
export function unwritable(where: string, cause: unknown): MetalK8sError {
  return new MetalK8sError('STEP_FAILED', 'the archive cannot be written', {
    where,
    hint: 'See to it that its file system has room and can be written, then run again.',
    cause,
  });
}
