import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { type NginxText, quoted, row } from './nginx-text.ts';

/** The rows of one `map`. */
export interface Table {
  /** A row for a key that is compared without regard to case. nginx stops on a key given twice, so that is a defect of ours (`INTERNAL`). */
  add(key: string, value: NginxText): void;
  /** A row for what a regular expression matches, tried when no key is equal. */
  addPattern(pattern: string, value: NginxText): void;
  rows(): readonly NginxText[];
  size(): number;
  longestKey(): number;
}

export function createTable(): Table {
  const keys = new Set<string>();
  const rows: NginxText[] = [];
  let longest = 0;
  return {
    add(key, value) {
      const lower = key.toLowerCase();
      if (keys.has(lower)) throw new MetalK8sError('INTERNAL', `${JSON.stringify(key)} is in a table of nginx already`);
      keys.add(lower);
      longest = Math.max(longest, key.length);
      rows.push(row(quoted(key), value));
    },
    addPattern(pattern, value) {
      rows.push(row(quoted(`~${pattern}`), value));
    },
    rows: () => rows,
    size: () => keys.size,
    longestKey: () => longest,
  };
}
