import { canonicalJson } from '../../../src/plan/canonical-json.ts';
import { certificatesAndKeys } from './certificates-and-keys.ts';
import type { HostState } from './host-state.ts';
import {
  comparedTexts,
  leftOutFields,
  leftOutKinds,
  passingFiles,
  passingLines,
  type Renamed,
  renamedFiles,
  renamedInLines,
  renamedInObjects,
  unlike,
} from './normalisations.ts';
import type { RawFile } from './raw-file.ts';

/** A host and its cluster as they were found. */
export interface RawState {
  readonly files: readonly RawFile[];
  readonly lists: Readonly<Record<string, readonly string[]>>;
  /** Objects of the API. */
  readonly objects: readonly Readonly<Record<string, unknown>>[];
}

export function normaliseState({ files: all, lists, objects }: RawState): HostState {
  const files = all.filter((file) => !passingFiles.some(({ paths }) => paths.test(file.path)));
  return {
    files: normaliseFiles(files),
    pki: certificatesAndKeys(files),
    lists: normaliseLists(lists),
    objects: normaliseObjects(objects),
  };
}

/** A line for each file, by its path. */
function normaliseFiles(files: readonly RawFile[]): Readonly<Record<string, string>> {
  const lines = files.map((file) => [file.path, fileLine(file)] as const);
  return Object.fromEntries(lines.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function fileLine({ path, type, mode, owner, sha256, target, text }: RawFile): string {
  const outside = `${type} ${mode} ${owner}`;
  if (unlike.some((each) => each.path === path)) return outside;
  if (type === 'l') return `${outside} -> ${renamed(target ?? '', renamedFiles)}`;
  if (type !== 'f') return outside;
  const rule = comparedTexts.find(({ paths }) => paths.test(path));
  return `${outside} ${rule === undefined ? `sha256:${sha256}` : JSON.stringify(rule.compared(text ?? ''))}`;
}

function normaliseLists(
  lists: Readonly<Record<string, readonly string[]>>,
): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(lists).map(([list, lines]) => {
      const passing = passingLines.filter((rule) => rule.list === list);
      const rules = renamedInLines.filter((rule) => rule.lists.includes(list));
      const kept = lines.filter((line) => !passing.some((rule) => rule.lines.test(line)));
      return [list, kept.map((line) => renamed(line, rules)).sort()];
    }),
  );
}

/** Objects by kind, namespace and name; what is left out is gone. */
function normaliseObjects(objects: readonly Record<string, unknown>[]): Readonly<Record<string, readonly unknown[]>> {
  const found: Record<string, unknown[]> = {};
  for (const object of objects) {
    const kind = String(object.kind);
    if (Object.hasOwn(leftOutKinds, kind)) continue;
    const rules = renamedInObjects.filter(({ kinds }) => kinds === undefined || kinds.includes(kind));
    const normal = mapTexts(without(object), (text) => renamed(text, rules)) as Record<string, unknown>;
    const { name, namespace } = (normal.metadata ?? {}) as Record<string, unknown>;
    const key = [kind, namespace, name].filter((part) => part !== undefined).join('/');
    found[key] = [...(found[key] ?? []), normal];
  }
  const byName = Object.entries(found).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(byName.map(([name, some]) => [name, some.toSorted(byText)]));
}

function byText(one: unknown, other: unknown): number {
  return canonicalJson(one) < canonicalJson(other) ? -1 : 1;
}

function without(
  value: unknown,
  fields: readonly (readonly string[])[] = leftOutFields.map(({ path }) => path),
): unknown {
  if (fields.length === 0 || typeof value !== 'object' || value === null) return value;
  const below = (key: string) => fields.filter(([first]) => first === '*' || first === key).map(([, ...rest]) => rest);
  if (Array.isArray(value)) return value.map((item, index) => without(item, below(String(index))));
  const kept = Object.entries(value).filter(([key]) => !below(key).some((rest) => rest.length === 0));
  return Object.fromEntries(kept.map(([key, item]) => [key, without(item, below(key))]));
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)]));
}

function renamed(text: string, rules: readonly Renamed[]): string {
  return rules.reduce((result, { pattern, as }) => result.replace(pattern, as), text);
}
