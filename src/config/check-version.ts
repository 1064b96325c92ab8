import { nearest } from '../documents/nearest.ts';
import { valueAt } from '../documents/path.ts';
import type { Problem } from '../documents/problem.ts';
import { shown } from '../documents/shown.ts';
import { API_GROUP, API_VERSION } from './schema/configuration.ts';

/**
 * The problem of a document whose apiVersion is not ours to read, and whose fields nobody can judge therefore; undefined for v1alpha3, and for a
 * missing or malformed one, which the shape tells.
 */
export function checkVersion(value: unknown): Problem | undefined {
  const version = valueAt(value, ['apiVersion']);
  if (typeof version !== 'string' || version === API_VERSION) return undefined;
  return { severity: 'error', rule: 'unsupported-version', path: ['apiVersion'], message: explain(version) };
}

function explain(version: string): string {
  const [group, name] = version.split('/');
  if (version === `${API_GROUP}/v1alpha1`) {
    return 'v1alpha1, of before release 2.0, cannot be read: write the file anew from `metalk8s config print-defaults`';
  }
  if (group === API_GROUP && name?.match(/^v[0-9]+((alpha|beta)[0-9]+)?$/)) {
    return `${shown(version)} is not known to this release, which reads ${API_VERSION} and v1alpha2: was the file written for a newer one?`;
  }
  const question = nearest(version, [API_VERSION]) === undefined ? '' : ', did you mean that?';
  return `${shown(version)} is not ${API_VERSION}${question}`;
}
