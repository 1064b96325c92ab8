import type { NodeRole } from '../node-role.ts';
import type { CisSubject, CisVerdict } from './check.ts';
import { cisChecks, cisDeviations } from './checks.ts';

/** What one item of the benchmark came to on a node. */
export interface CisFinding extends CisVerdict {
  readonly id: string;
  readonly what: string;
  /** Why it need not pass; none, as a rule. */
  readonly deviation: string | undefined;
}

/** All items that are about a node of these roles, in the benchmark's order. */
export function runCisChecks(subject: CisSubject, roles: readonly NodeRole[]): readonly CisFinding[] {
  return cisChecks
    .filter(({ on }) => on === 'every node' || roles.includes(on))
    .map(({ id, what, probe }) => ({ id, what, ...probe(subject), deviation: cisDeviations[id] }));
}

/** Paths whose mode and owner the checks need; with a slash at the end: of the directory and all that is in it. */
export function cisPaths(): readonly string[] {
  return [...new Set(cisChecks.flatMap(({ reads }) => reads))].sort();
}
