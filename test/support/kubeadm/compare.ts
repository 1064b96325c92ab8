import { parseAllDocuments } from 'yaml';
import type { Entries } from './entries.ts';

/** One thing in which two sets of golden data differ. */
export interface Difference {
  readonly file: string;
  /** Path of the field, such as `spec.containers[0].image`; empty for the file as a whole. */
  readonly field: string;
  readonly golden: string;
  readonly made: string;
}

const NOTHING = '(nothing)';
const LONGEST = 200;

/** Compares field by field what is YAML, and line by line where the fields are equal but the bytes are not. */
export function compareEntries(golden: Entries, made: Entries): Difference[] {
  const files = [...new Set([...golden.keys(), ...made.keys()])].sort();
  return files.flatMap((file) => compareFile(file, golden.get(file), made.get(file)));
}

/** One line that says where, what was expected and what came. */
export function renderDifference({ file, field, golden, made }: Difference): string {
  return `${file}${field === '' ? '' : `: ${field}`}: golden ${golden}, made ${made}`;
}

function compareFile(file: string, golden: string | undefined, made: string | undefined): Difference[] {
  if (golden === made) return [];
  if (golden === undefined) return [{ file, field: '', golden: NOTHING, made: `a file of ${made?.length} characters` }];
  if (made === undefined) return [{ file, field: '', golden: `a file of ${golden.length} characters`, made: NOTHING }];
  const [one, other] = [documents(golden), documents(made)];
  const fields = one.flatMap((document, index) =>
    compareValues(one.length > 1 ? `document ${index + 1}` : '', document, other[index]),
  );
  return (fields.length > 0 ? fields : [firstLine(golden, made)]).map((difference) => ({ file, ...difference }));
}

/** The YAML documents of a text; none when it is not YAML, or but a word. */
function documents(text: string): readonly unknown[] {
  const parsed = parseAllDocuments(text);
  if (!Array.isArray(parsed) || parsed.some(({ errors }) => errors.length > 0)) return [];
  return parsed.map((document) => document.toJS() as unknown).filter(isContainer);
}

function compareValues(field: string, golden: unknown, made: unknown): Omit<Difference, 'file'>[] {
  if (Object.is(golden, made)) return [];
  if (isText(golden) && isText(made)) return [textDifference(field, golden, made)];
  if (!isContainer(golden) || !isContainer(made) || Array.isArray(golden) !== Array.isArray(made)) {
    return [{ field, golden: show(golden), made: show(made) }];
  }
  if (Array.isArray(golden) && Array.isArray(made)) return compareLists(field, golden, made);
  const keys = new Set([...Object.keys(golden), ...Object.keys(made)]);
  return [...keys].flatMap((key) => compareValues(join(field, key), golden[key], made[key]));
}

/** An item that is one more or less shifts the others: what is equal at both ends is left aside. */
function compareLists(field: string, golden: readonly unknown[], made: readonly unknown[]): Omit<Difference, 'file'>[] {
  const shorter = Math.min(golden.length, made.length);
  const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
  let start = 0;
  while (start < shorter && same(golden[start], made[start])) start++;
  let end = 0;
  while (end < shorter - start && same(golden.at(-1 - end), made.at(-1 - end))) end++;
  const rest = Math.max(golden.length, made.length) - start - end;
  return Array.from({ length: rest }, (_, index) => start + index).flatMap((index) => {
    const one = index < golden.length - end ? golden[index] : undefined;
    const other = index < made.length - end ? made[index] : undefined;
    return compareValues(`${field}[${index}]`, one, other);
  });
}

/** Long texts in a field (a Corefile, say) are shown where they begin to differ. */
function textDifference(field: string, golden: string, made: string): Omit<Difference, 'file'> {
  if (!golden.includes('\n') && !made.includes('\n')) return { field, golden: show(golden), made: show(made) };
  const line = firstLine(golden, made);
  return { ...line, field: `${field} ${line.field}` };
}

function firstLine(golden: string, made: string): Omit<Difference, 'file'> {
  const [one, other] = [golden.split('\n'), made.split('\n')];
  const index = one.findIndex((line, number) => line !== other[number]);
  const line = index < 0 ? one.length : index;
  return { field: `line ${line + 1}`, golden: show(one[line]), made: show(other[line]) };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function join(field: string, key: string): string {
  const part = /^[\w-]+$/.test(key) ? key : `"${key}"`;
  return field === '' ? part : `${field}.${part}`;
}

function show(value: unknown): string {
  if (value === undefined) return NOTHING;
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
