import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Limits } from './document-type.ts';
import type { Misreading } from './parse-document.ts';
import { type Path, pathKey } from './path.ts';
import type { Place } from './place.ts';

/** Plain values, the place of each by pathKey, and what kept values from being read. */
export type ReadValues = {
  readonly value: unknown;
  readonly places: ReadonlyMap<string, Place>;
  readonly misreadings: readonly (Misreading & { readonly path: Path })[];
  /** Whether there were more values than are read, so that nothing can be said of those that are missing. */
  readonly exhausted: boolean;
};

const MAX_DEPTH = 64;

type Reading = {
  readonly lines: LineCounter;
  readonly anchors: Map<string, Node>;
  readonly places: Map<string, Place>;
  readonly misreadings: (Misreading & { path: Path })[];
  readonly limit: number;
  values: number;
  exhausted: boolean;
};

/**
 * Second half of the first pass: document → plain values. Keys must be text and stand once; aliases are followed, within bounds. An entry of a
 * mapping without a value (`proxies:`) counts as not given, as Kubernetes reads it.
 */
export function readValues(document: Document.Parsed, lines: LineCounter, limits: Limits): ReadValues {
  const reading: Reading = {
    lines,
    anchors: new Map(),
    places: new Map(),
    misreadings: [],
    limit: limits.values,
    values: 0,
    exhausted: false,
  };
  const value = readNode(reading, document.contents, []);
  return { value, places: reading.places, misreadings: reading.misreadings, exhausted: reading.exhausted };
}

function readNode(reading: Reading, node: Node | null, path: Path): unknown {
  reading.values += 1;
  if (!reading.exhausted && (reading.values > reading.limit || path.length > MAX_DEPTH)) {
    reading.exhausted = true;
    report(reading, node, path.slice(0, 1), {
      rule: 'alias-bomb',
      message: 'holds too many values, or itself: write out what the anchors and aliases mean',
    });
  }
  if (reading.exhausted) return null;
  const target = isAlias(node) ? resolve(reading, node.source) : node;
  if (target === undefined) {
    report(reading, node, path, {
      rule: 'bad-alias',
      message: 'no anchor (&name) of this name stands before this alias',
    });
    return null;
  }
  if (target !== null && 'anchor' in target && target.anchor) reading.anchors.set(String(target.anchor), target);
  if (isMap(target)) return readMapping(reading, target, path);
  if (isSeq(target)) return readList(reading, target, path);
  return isScalar(target) ? readScalar(target.value, target.source) : null;
}

function resolve(reading: Reading, name: string): Node | undefined {
  return reading.anchors.get(name);
}

/** YAML 1.1, which a directive may ask for, has more kinds of scalars than we do: those stay text. */
function readScalar(value: unknown, source: string | undefined): unknown {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value;
  return source ?? '';
}

function readList(reading: Reading, list: YAMLSeq, path: Path): unknown[] {
  return list.items.map((item, index) => {
    const node = item as Node | null;
    const itemPath = [...path, index];
    reading.places.set(pathKey(itemPath), { value: offsetOf(node) ?? offsetOf(list) ?? 0, ...plainText(node) });
    return readNode(reading, node, itemPath);
  });
}

function readMapping(reading: Reading, mapping: YAMLMap, path: Path): Record<string, unknown> {
  // Without a prototype, so that a key such as __proto__ is a key like any other.
  const value: Record<string, unknown> = Object.create(null);
  const seen = new Map<string, number>();
  for (const pair of mapping.items as Pair<Node | null, Node | null>[]) {
    const name = readKey(reading, pair, path);
    if (name === undefined) continue;
    const entryPath = [...path, name];
    const key = offsetOf(pair.key) ?? 0;
    const first = seen.get(name);
    if (first !== undefined) {
      const message = `the key is there twice, first on line ${reading.lines.linePos(first).line}: leave one out`;
      report(reading, pair.key, entryPath, { rule: 'duplicate-key', message });
      continue;
    }
    seen.set(name, key);
    reading.places.set(pathKey(entryPath), { key, value: offsetOf(pair.value) ?? key, ...plainText(pair.value) });
    const entry = readNode(reading, pair.value, entryPath);
    if (entry !== null) value[name] = entry;
  }
  return value;
}

function readKey(reading: Reading, pair: Pair<Node | null, Node | null>, path: Path): string | undefined {
  const key = isAlias(pair.key) ? resolve(reading, pair.key.source) : pair.key;
  if (isScalar(key) && key.value === '<<' && key.type === 'PLAIN') {
    report(reading, pair.key, path, {
      rule: 'merge-key',
      message: 'merge keys (<<) are not part of YAML 1.2: write the entries out',
    });
    return undefined;
  }
  if (isScalar(key) && typeof key.value === 'string') return key.value;
  report(reading, pair.key ?? pair.value, path, {
    rule: 'bad-key',
    message: 'has a key that is not text: put quotes around it',
  });
  return undefined;
}

function report(reading: Reading, node: Node | null, path: Path, what: Omit<Misreading, 'offset'>): void {
  reading.misreadings.push({ ...what, offset: offsetOf(node) ?? 0, path });
}

function plainText(node: Node | null): { plain?: string } {
  return isScalar(node) && node.type === 'PLAIN' && node.source !== undefined ? { plain: node.source } : {};
}

function offsetOf(node: Node | null | undefined): number | undefined {
  return node?.range?.[0];
}
