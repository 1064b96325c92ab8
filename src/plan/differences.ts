import type { Path } from '../documents/path.ts';
import { isRecord } from '../values/is-record.ts';
import { canonicalJson } from './canonical-json.ts';

/** One field that two values do not have in common. Undefined: there is none. */
export interface Difference {
  readonly path: Path;
  readonly before: unknown;
  readonly after: unknown;
}

/** Where two values of JSON differ, in the order of `before`, then what is new; maps by key, lists of maps by place, other lists whole. */
export function differences(before: unknown, after: unknown, path: Path = []): readonly Difference[] {
  if (isRecord(before) && isRecord(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => differences(before[key], after[key], [...path, key]));
  }
  if (isListOfMaps(before) && isListOfMaps(after)) {
    const longer = before.length > after.length ? before : after;
    return longer.flatMap((_, index) => differences(before[index], after[index], [...path, index]));
  }
  return same(before, after) ? [] : [{ path, before, after }];
}

/** `networks.controlPlane.cidr: ["10.0.0.0/8"] → ["10.1.0.0/16"]` */
export function differenceLine({ path, before, after }: Difference): string {
  return `${pathText(path)}: ${valueText(before)} → ${valueText(after)}`;
}

/** In full: both values are of a kind that was checked, so no secret can have come into the place of a key. */
function pathText(path: Path): string {
  const segments = path.map((segment) =>
    typeof segment === 'number' || !/^[\w-]+$/.test(segment) ? `[${segment}]` : `.${segment}`,
  );
  return segments.join('').replace(/^\./, '') || 'all of it';
}

const LONGEST = 120;

function valueText(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = canonicalJson(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

function same(before: unknown, after: unknown): boolean {
  if (before === undefined || after === undefined) return before === after;
  return canonicalJson(before) === canonicalJson(after);
}

function isListOfMaps(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0 && value.every(isRecord);
}
