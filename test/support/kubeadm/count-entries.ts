import { parse } from 'yaml';
import type { Entries } from './entries.ts';

/** Says in words how much golden data of a configuration holds, such as `31 files, 14 certificates, 27 objects`. */
export function countEntries(entries: Entries): string {
  let files = 0;
  let certificates = 0;
  let objects = 0;
  for (const [path, text] of entries) {
    if (path.endsWith('/files.yaml')) files += Object.keys(parse(text) as object).length;
    if (path.endsWith('/pki.yaml'))
      certificates += Object.keys((parse(text) as { certificates: object }).certificates).length;
    if (/(?:^|\/)(?:sent|held)\//.test(path)) objects++;
  }
  return `${files} files, ${certificates} certificates, ${objects} objects`;
}
