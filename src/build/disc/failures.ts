import { MetalK8sError } from '../../errors/metalk8s-error.ts';

const FULL = new Set(['ENOSPC', 'EDQUOT']);

/** What is said of an output that cannot be written. Errors of our own stay as they are. */
export function unwritable(error: unknown, where: string): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (FULL.has(code)) {
    return new MetalK8sError('STEP_FAILED', 'the disk is full: the disc was not written', {
      where,
      hint: 'Make room, or write to another place by --output, and run again. Nothing is left behind.',
      cause: error,
    });
  }
  if (code === 'EFBIG') return tooLarge(where, error);
  return new MetalK8sError('STEP_FAILED', 'the disc cannot be written', {
    where,
    hint: 'Look at the disk and at who may write there, or write to another place by --output, and run again.',
    cause: error,
  });
}

/** For a file system whose files end at 4 GiB, as FAT's do, or for a limit of the user. */
export function tooLarge(where: string, cause?: unknown): MetalK8sError {
  return new MetalK8sError('PREFLIGHT_FAILED', 'the disc is larger than a file may become there', {
    where,
    hint: 'Write it in parts: --split 4294967295 for FAT. They are joined by cat.',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** An output that is there and that nobody asked us to replace. */
export function alreadyThere(where: string): MetalK8sError {
  return new MetalK8sError('USAGE', 'the output is there already, and it is another disc', {
    where,
    hint: 'Name another one by --output, remove it, or replace it by --force.',
  });
}
