import type { BootstrapConfiguration } from './configuration.types.ts';
import { type Finding, hasErrors, sortFindings } from './finding.ts';
import { judgeValues } from './judge-values.ts';
import { type Change, migrateDocument, OLD_VERSION } from './migrate-document.ts';
import { type Misreading, parseDocument } from './parse-document.ts';
import type { Path } from './path.ts';
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
 * YAML, of which only the syntax is judged. v1alpha2 is read as what migration makes of it. Never throws.
 */
export function validateText(text: string): Validation {
  const parsed = parseDocument(text);
  if (parsed.document === undefined) {
    const places: Places = { places: new Map(), lines: parsed.lines, start: 0 };
    return invalid(parsed.misreadings.map((misreading) => locate(toProblem(misreading), places)));
  }
  const changes = migrateDocument(parsed.document);
  const read = readValues(parsed.document, parsed.lines);
  const problems = [...read.misreadings.map(toProblem), ...changes.flatMap(warnOfMigration), ...judgeValues(read)];
  const start = parsed.document.contents?.range?.[0] ?? 0;
  const findings = problems.map((problem) => locate(problem, { places: read.places, lines: parsed.lines, start }));
  if (hasErrors(findings)) return invalid(findings);
  return { valid: true, configuration: read.value as BootstrapConfiguration, findings: sortFindings(findings) };
}

function toProblem({ rule, offset, message, path = [] }: Misreading & { readonly path?: Path }): Problem {
  return { severity: 'error', rule, path, offset, message };
}

function warnOfMigration({ path, offset, message, loses }: Change): Problem[] {
  if (path[0] === 'apiVersion') {
    const text = `${OLD_VERSION} is read as v1alpha3: \`metalk8s config migrate --write\` rewrites the file`;
    return [{ severity: 'warning', rule: 'old-version', path, offset, message: text }];
  }
  return loses ? [{ severity: 'warning', rule: 'lost-in-migration', path, offset, message }] : [];
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
