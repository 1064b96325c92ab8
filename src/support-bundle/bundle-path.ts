/** Name of the folder that everything in a bundle lies in. */
export const BUNDLE_FOLDER = 'metalk8s-support';

/** A path in a bundle, whatever names files of the host have: no part is hidden, or leads elsewhere. */
export function bundlePath(path: string): string {
  const parts = path.split('/').map((part) => part.replace(/[^\w.@:+=,~-]/g, '_').replace(/^\.+/, '_'));
  return [BUNDLE_FOLDER, ...parts.filter((part) => part !== '')].join('/');
}
