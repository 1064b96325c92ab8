import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { findManifestImages, MisreadManifest } from './manifest-images.ts';
import type { NamedImage } from './named-image.ts';
import { findTextImages } from './text-images.ts';

/**
 * Every image that a file names: Kubernetes objects in YAML or JSON are read as objects; Salt states, templates and whatever else is no
 * YAML is searched for references that name their registry. Throws a `RELEASE_INVALID` for a manifest that Kubernetes could not
 * read either, or whose container runs what is no image.
 */
export function findImages(text: string, file: string): NamedImage[] {
  if (!/\.(?:ya?ml|json)$/.test(file)) return findTextImages(text, file);
  try {
    return findManifestImages(text, file);
  } catch (error) {
    if (!(error instanceof MisreadManifest)) throw error;
    // Templates become YAML only when they are filled.
    if (/\{\{|\{%/.test(text)) return findTextImages(text, file);
    throw new MetalK8sError('RELEASE_INVALID', `A manifest cannot be read: ${error.message}`, {
      where: file,
      hint: 'Take a manifest that `kubectl apply --dry-run=client -f` reads.',
      cause: error,
    });
  }
}
