import type { Report } from '../../cache.ts';
import { imageDocuments } from './documents.ts';
import type { ImageSource } from './image.ts';
import { imageLayer } from './layer.ts';
import type { MadeImage } from './layout.ts';

/** Makes images: layers that the test cache has not, then the documents. Two layers are packed at a time. */
export async function makeImages(images: readonly ImageSource[], report: Report): Promise<readonly MadeImage[]> {
  const made: MadeImage[] = [];
  for (const image of images) {
    const started = Date.now();
    const layers = [];
    for (const variant of image.variants) {
      layers.push(await Promise.all(variant.layers.map((layer) => imageLayer(layer, report))));
    }
    const { references } = image;
    made.push({ ...imageDocuments(image, layers), references, layers: layers.flat() });
    report(`image ${references[0]} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }
  return made;
}
