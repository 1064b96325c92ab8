import type { DocumentType } from './document-type.ts';
import { type Finding, hasErrors, sortFindings } from './finding.ts';
import { judgeValues } from './judge-values.ts';
import { type Misreading, parseDocument } from './parse-document.ts';
import type { Path } from './path.ts';
import { locate, type Places, type Problem } from './problem.ts';
import { readValues } from './read-values.ts';

/** Plain values in the shape of the schema, with warnings; or everything that is wrong. Findings are in the order of the file. */
export type Validation =
  | {
      readonly valid: true;
      readonly value: unknown;
      readonly findings: readonly Finding[];
      /** Gives a problem that was found later its place in the file. */
      locate(problem: Problem): Finding;
    }
  | { readonly valid: false; readonly findings: readonly Finding[] };

/** More findings than a person reads; a hostile file could ask for a hundred thousand. */
const MAX_FINDINGS = 100;

/**
 * Reads and checks a text of some type: syntax, shape, then rules across fields. Reports everything that is wrong at once, but for a text that is
 * no YAML, of which only the syntax is judged, and one of another kind or version. Never throws.
 */
export function validateDocument(text: string, type: DocumentType): Validation {
  const parsed = parseDocument(text, type);
  if (parsed.document === undefined) {
    const places: Places = { places: new Map(), lines: parsed.lines, start: 0 };
    return invalid(parsed.misreadings.map((misreading) => locate(toProblem(misreading), places)));
  }
  const notes = type.modernise?.(parsed.document) ?? [];
  const read = readValues(parsed.document, parsed.lines, type.limits);
  const problems = [...read.misreadings.map(toProblem), ...notes, ...judgeValues(read, type)];
  const start = parsed.document.contents?.range?.[0] ?? 0;
  const places: Places = { places: read.places, lines: parsed.lines, start };
  const findings = problems.map((problem) => locate(problem, places));
  if (hasErrors(findings)) return invalid(findings);
  const later = (problem: Problem) => locate(problem, places);
  return { valid: true, value: read.value, findings: sortFindings(findings), locate: later };
}

function toProblem({ rule, offset, message, path = [] }: Misreading & { readonly path?: Path }): Problem {
  return { severity: 'error', rule, path, offset, message };
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
