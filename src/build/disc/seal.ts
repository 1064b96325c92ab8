import { renderImageHeader, signedText } from '../../disc/image-header.ts';
import type { Signer } from '../signer.ts';

/** What stands in the first bytes of an image that is otherwise whole: its size, its sum with these bytes as zeros, and a signature of both. */
export async function sealOf(
  image: { readonly size: number; readonly sha256: string },
  signer: Signer | undefined,
): Promise<Uint8Array> {
  const signature = await signer?.sign(Buffer.from(signedText(image)));
  return renderImageHeader({ ...image, ...(signature === undefined ? {} : { signature }) });
}
