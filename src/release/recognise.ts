import { nearest } from '../documents/nearest.ts';
import { valueAt } from '../documents/path.ts';
import type { Problem } from '../documents/problem.ts';
import { shown } from '../documents/shown.ts';
import { API_VERSION } from './schema/document.ts';

/** What our kinds of documents are, in words. */
const kinds: Readonly<Record<string, string>> = {
  Release: 'a release list',
  ReleaseLock: 'the lock of a release list',
  Mirrors: 'a file of mirrors',
  BootstrapConfiguration: 'a configuration of a cluster',
};

/** The problem of a document that is not of this kind, or not of a version that we read; undefined for what the shape tells better. */
export function recognise(value: unknown, kind: string): Problem | undefined {
  const given = valueAt(value, ['kind']);
  if (typeof given === 'string' && given !== kind) {
    const what = Object.hasOwn(kinds, given) ? `says that this is ${kinds[given]}` : `${shown(given)} is not known`;
    const near = nearest(given, [kind]) === undefined ? '' : ', did you mean that?';
    const message = `${what}: ${kinds[kind]} has the kind ${kind}${near}`;
    return { severity: 'error', rule: 'other-kind', path: ['kind'], message };
  }
  const version = valueAt(value, ['apiVersion']);
  if (typeof version !== 'string' || version === API_VERSION) return undefined;
  const near = nearest(version, [API_VERSION]) === undefined ? '' : ', did you mean that?';
  const message = `${shown(version)} is not ${API_VERSION}, which this metalk8s reads${near}`;
  return { severity: 'error', rule: 'unsupported-version', path: ['apiVersion'], message };
}
