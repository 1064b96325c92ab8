import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { counted, listed } from '../events/words.ts';
import type { Finding } from './check.ts';
import { stops } from './run-checks.ts';

/** Throws a `PREFLIGHT_FAILED` that counts the errors and names their checks; nothing when there are none but ignored ones. */
export function refuseFindings(findings: readonly Finding[]): void {
  const errors = findings.filter(stops);
  if (errors.length === 0) return;
  const hosts = [...new Set(errors.map(({ host }) => host))];
  const checks = [...new Set(errors.map(({ check }) => check))];
  throw new MetalK8sError(
    'PREFLIGHT_FAILED',
    `preflight found ${counted(errors.length, 'error')}: ${checks.join(', ')}`,
    {
      where: listed(hosts),
      hint: 'Mend what the report tells, or name the checks that are not to stop you with --ignore-preflight-errors. Nothing was changed.',
    },
  );
}
