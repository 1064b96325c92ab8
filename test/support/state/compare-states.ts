import { differenceLine, differences } from '../../../src/plan/differences.ts';
import type { HostState } from './host-state.ts';

/** What one state has otherwise than another, a line each that names the file, list, certificate or object; none when they are the same. */
export function compareStates(expected: HostState, found: HostState): readonly string[] {
  return [
    ...compareFiles(expected.files, found.files),
    ...compareLists(expected.lists, found.lists),
    ...differences(expected.pki, found.pki).map((difference) => `pki ${differenceLine(difference)}`),
    ...compareObjects(expected.objects, found.objects),
  ];
}

function compareFiles(expected: HostState['files'], found: HostState['files']): readonly string[] {
  return keysOf(expected, found).flatMap((path) => {
    const [before, after] = [expected[path], found[path]];
    if (before === after) return [];
    if (before === undefined) return [`file ${path} is new: ${after}`];
    if (after === undefined) return [`file ${path} is missing: ${before}`];
    return [`file ${path}: ${before} → ${after}`];
  });
}

/** Lines are counted: what is there twice is not what is there once. */
function compareLists(expected: HostState['lists'], found: HostState['lists']): readonly string[] {
  return keysOf(expected, found).flatMap((list) => {
    const [before, after] = [expected[list] ?? [], found[list] ?? []];
    return [
      ...beyond(before, after).map((line) => `${list}: missing: ${line}`),
      ...beyond(after, before).map((line) => `${list}: new: ${line}`),
    ];
  });
}

/** The lines that one list has more often than the other, as often as it has them more. */
function beyond(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  return lines.filter((line) => {
    const at = left.indexOf(line);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

function compareObjects(expected: HostState['objects'], found: HostState['objects']): readonly string[] {
  return keysOf(expected, found).flatMap((name) => {
    const [before, after] = [expected[name], found[name]];
    if (before === undefined) return [`object ${name} is new`];
    if (after === undefined) return [`object ${name} is missing`];
    const all =
      before.length === 1 && after.length === 1 ? differences(before[0], after[0]) : differences(before, after);
    return all.map((difference) => `object ${name} ${differenceLine(difference)}`);
  });
}

function keysOf(one: object, other: object): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
}
