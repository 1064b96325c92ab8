import { allChecks } from './all-checks.ts';
import type { Check, Finding, PreflightSubject } from './check.ts';

/**
 * Everything that is found on one host, in the order of the checks. `ignored`: names of checks whose errors stop nothing, see
 * `ignoredChecks`; those that cannot be ignored stop all the same.
 */
export function runChecks(subject: PreflightSubject, ignored: ReadonlySet<string>): readonly Finding[] {
  return allChecks
    .filter(({ onlyFresh }) => !(onlyFresh === true && subject.ours))
    .flatMap((check) => findingsOf(check, subject, ignored));
}

function findingsOf(check: Check, subject: PreflightSubject, ignored: ReadonlySet<string>): readonly Finding[] {
  const { name, why, cannotBeIgnored = null } = check;
  return check.inspect(subject).map((result) => {
    const { found, severity = check.severity, mend = check.mend } = result;
    const isIgnored = severity === 'error' && cannotBeIgnored === null && ignored.has(name);
    return {
      check: name,
      host: subject.host.hostname,
      severity,
      found,
      why,
      mend,
      ignored: isIgnored,
      cannotBeIgnored,
    };
  });
}

/** Whether a finding keeps a run from starting. */
export function stops({ severity, ignored }: Finding): boolean {
  return severity === 'error' && !ignored;
}
