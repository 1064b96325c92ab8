import type { MetalK8sError } from '../../errors/metalk8s-error.ts';
import { refuse } from '../refuse.ts';

/** What the readers of an image throw where it breaks the format, or has what our discs have not. */
export function damaged(what: string, where: string): MetalK8sError {
  return refuse(`the file system of the image cannot be read: ${what}`, where);
}
