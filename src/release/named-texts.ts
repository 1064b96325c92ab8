import { discPaths } from '../disc/paths.ts';

/** Folders of the disc whose files name images: what is applied to clusters, and what Salt brings hosts to. */
const FOLDERS = [discPaths.upstream, discPaths.salt];

const TEXTS = /\.(?:ya?ml|json|sls|j2|jinja2?|conf|cfg|toml|ini|sh|py|env|txt)$/;

/** Whether a file of the disc may name images that a cluster needs. */
export function mayNameImages(path: string): boolean {
  return FOLDERS.some((folder) => path.startsWith(`${folder}/`)) && TEXTS.test(path);
}
