import { nearest } from '../documents/nearest.ts';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { checkNames } from './all-checks.ts';

/** The names given to `--ignore-preflight-errors`. Throws a `USAGE` that names those that no check has, each with the nearest. */
export function ignoredChecks(names: readonly string[] | undefined): ReadonlySet<string> {
  const given = new Set(names);
  const unknown = [...given].filter((name) => !checkNames.includes(name));
  if (unknown.length === 0) return given;
  const told = unknown.map((name) => {
    const near = nearest(name, checkNames);
    return `${JSON.stringify(name)}${near === undefined ? '' : ` (${near}?)`}`;
  });
  throw new MetalK8sError('USAGE', `no check of preflight is called ${told.join(', ')}`, {
    where: '--ignore-preflight-errors',
    hint: 'Give names as the report has them, separated by commas; there is none for all.',
  });
}
