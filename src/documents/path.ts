import { shownKey } from './shown.ts';

/** The way to a value: keys of mappings and indexes of lists. */
export type Path = readonly (string | number)[];

/** `networks.controlPlane.cidr[1]`; a key that is not a plain word stands in brackets. */
export function formatPath(path: Path): string {
  return path.map(formatSegment).join('').replace(/^\./, '');
}

function formatSegment(segment: string | number): string {
  if (typeof segment === 'number') return `[${segment}]`;
  return /^[\w-]+$/.test(segment) ? `.${shownKey(segment)}` : `[${shownKey(segment)}]`;
}

/** A string that is equal for equal paths alone. */
export function pathKey(path: Path): string {
  return JSON.stringify(path);
}

/** Reads the value at a path; undefined when there is none. */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, segment) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
    return (value as Record<string | number, unknown>)[segment];
  }, root);
}

/** Splits a dotted path without indexes. */
export function parsePath(text: string): string[] {
  return text.split('.');
}
