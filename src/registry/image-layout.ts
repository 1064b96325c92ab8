import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { Digest } from './catalogue.ts';

/** An OCI image layout as values, which the caller has read and whose digests the caller has checked. */
export interface ImageLayout {
  /** `index.json`, parsed. */
  readonly index: unknown;
  /** The manifests among its blobs, parsed, by digest; `missingDocuments` tells which are wanted. */
  readonly documents: ReadonlyMap<Digest, unknown>;
  /** The size in bytes of every file below `blobs/sha256`, by digest. */
  readonly sizes: ReadonlyMap<Digest, number>;
  /** What to call it in errors: the path of the layout. */
  readonly where: string;
}

/** What a layout that cannot be served ends with. */
export function unservable({ where }: ImageLayout, message: string): MetalK8sError {
  return new MetalK8sError('RELEASE_INVALID', `The image layout cannot be served: ${message}`, {
    where,
    hint: 'Fetch the image again; when that changes nothing, whoever publishes it has to mend it.',
  });
}
