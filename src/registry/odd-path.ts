import { MetalK8sError } from '../errors/metalk8s-error.ts';

/** Throws a `CONFIG_INVALID` for a path that cannot stand in the configuration of nginx. */
export function refuseOddPath(path: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (!/[\u0000-\u001f\u007f$]/.test(path) && path.isWellFormed() && path.length > 0 && path.length < 2000) return;
  throw new MetalK8sError('CONFIG_INVALID', `nginx cannot serve from the path ${JSON.stringify(path.slice(0, 100))}`, {
    hint: 'Use a path without dollar signs and control characters.',
  });
}
