import { checkRules } from './check-rules.ts';
import { checkShape } from './check-shape.ts';
import { checkVersion } from './check-version.ts';
import type { BootstrapConfiguration } from './configuration.types.ts';
import { findUnused } from './find-unused.ts';
import { type Finding, hasErrors, sortFindings } from './finding.ts';
import { type Change, migrateDocument, OLD_VERSION } from './migrate-document.ts';
import { parseDocument } from './parse-document.ts';
import { pathKey } from './path.ts';
import { locate, type Places, type Problem } from './problem.ts';
import { readValues } from './read-values.ts';

/** A configuration that is valid, as v1alpha3, with warnings; or everything that is wrong with it. Findings are in the order of the file. */
export type Validation =
  | { readonly valid: true; readonly configuration: BootstrapConfiguration; readonly findings: readonly Finding[] }
  | { readonly valid: false; readonly findings: readonly Finding[] };

/** More findings than a person reads; a hostile file could ask for a hundred thousand. */
const MAX_FINDINGS = 100;

/**
 * Reads and checks a configuration: syntax, shape, then rules across fields. Reports everything that is wrong at once, but for a text that is no
 * YAML, of which only the syntax is judged. v1alpha2 is read as what migration makes of it.
 */
export function validateText(text: string): Validation {
  const parsed = parseDocument(text);
  if (parsed.document === undefined) {
    const places: Places = { places: new Map(), lines: parsed.lines, start: 0 };
    return invalid(
      parsed.misreadings.map(({ rule, offset, message }) =>
        locate({ severity: 'error', rule, path: [], message }, { ...places, start: offset }),
      ),
    );
  }
  const changes = migrateDocument(parsed.document);
  const read = readValues(parsed.document, parsed.lines);
  const places: Places = { places: read.places, lines: parsed.lines, start: parsed.document.contents?.range?.[0] ?? 0 };
  const findings = [
    ...read.misreadings.map(({ rule, path, offset, message }) => ({
      ...locate({ severity: 'error', rule, path, message }, places),
      ...positionOf(places, offset),
    })),
    ...changes.flatMap((change) => warnOfMigration(change, places)),
    ...judge(read.value, new Set(read.misreadings.map(({ path }) => pathKey(path))), places).map((problem) =>
      locate(problem, places),
    ),
  ];
  return hasErrors(findings)
    ? invalid(findings)
    : { valid: true, configuration: read.value as BootstrapConfiguration, findings: sortFindings(findings) };
}

/** Every problem of the values; `misread` are the paths whose values could not be read, so that nobody asks for them again. */
function judge(value: unknown, misread: ReadonlySet<string>, { places }: Places): Problem[] {
  const version = checkVersion(value);
  if (version !== undefined) return [version];
  const shape = checkShape(value, places).filter(
    ({ rule, path }) => !(rule === 'missing' && misread.has(pathKey(path))),
  );
  const bad = shape.filter(({ severity }) => severity === 'error').map(({ path }) => path);
  if (bad.some((path) => path.length === 0)) return shape;
  return [...shape, ...checkRules(value, bad, places), ...findUnused(value)];
}

function warnOfMigration({ path, offset, message, loses }: Change, places: Places): Finding[] {
  const oldVersion = path[0] === 'apiVersion';
  if (!oldVersion && !loses) return [];
  const text = oldVersion
    ? `${OLD_VERSION} is read as v1alpha3: \`metalk8s config migrate --write\` rewrites the file`
    : message;
  const problem: Problem = {
    severity: 'warning',
    rule: oldVersion ? 'old-version' : 'lost-in-migration',
    path,
    message: text,
  };
  return [{ ...locate(problem, places), ...positionOf(places, offset) }];
}

function positionOf({ lines }: Places, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

function invalid(findings: readonly Finding[]): Validation {
  const sorted = sortFindings(findings);
  const kept = sorted.slice(0, MAX_FINDINGS);
  const last = kept.at(-1);
  const left = sorted.length - kept.length;
  if (left === 0 || last === undefined) return { valid: false, findings: kept };
  const more: Finding = {
    ...last,
    severity: 'error',
    rule: 'too-many',
    path: '',
    message: `and ${left} more: mend these first`,
  };
  return { valid: false, findings: [...kept, more] };
}
