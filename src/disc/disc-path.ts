const LONGEST_NAME = 255;
/** What Rock Ridge and Linux take together (`xorrisofs(1)`). */
const LONGEST_PATH = 1024;

/** Printable ASCII. A backslash would be written differently by sha256sum, a slash separates. */
const NAME = /^[ !-.0-[\]-~]+$/;

/** Whether a name may stand on the disc: no trick of letters, cases or directions is possible with what it holds. */
export function isDiscName(name: string): boolean {
  return name.length <= LONGEST_NAME && name !== '.' && name !== '..' && NAME.test(name);
}

/** Whether a path may stand on the disc: names with slashes between, below the root. */
export function isDiscPath(path: string): boolean {
  return path.length <= LONGEST_PATH && path.split('/').every(isDiscName);
}

/** Every folder that is needed for these files, each once: `images`, `images/blobs`. */
export function foldersOf(paths: Iterable<string>): Set<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    let end = path.lastIndexOf('/');
    while (end > 0 && !folders.has(path.slice(0, end))) {
      folders.add(path.slice(0, end));
      end = path.lastIndexOf('/', end - 1);
    }
  }
  return folders;
}
