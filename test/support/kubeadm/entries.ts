/**
 * Golden data of one configuration: path below its folder to text. Paths are
 * `HOST/input/PATH`, `HOST/files.yaml`, `HOST/pki.yaml`, `HOST/root/PATH` (files verbatim), `HOST/at-kubelet-start/PATH`,
 * `HOST/requests.yaml`, `HOST/sent/OBJECT.yaml` and `held/OBJECT.yaml`.
 */
export type Entries = ReadonlyMap<string, string>;

/** Sorts by path, so that the order in which data was found does not matter. */
export function sortEntries(entries: Iterable<readonly [string, string]>): Entries {
  return new Map([...entries].sort(([a], [b]) => (a < b ? -1 : Number(a > b))));
}
