import { inGroups } from './answers.ts';
import type { ObservedHost } from './observed-host.ts';

/** Of each program that was asked about: its name, and where it is; a program that is not there has no path. */
export function readPrograms(fields: readonly string[]): ObservedHost['programs'] {
  const found = inGroups(fields, 2).filter(([, path]) => path?.startsWith('/'));
  return Object.fromEntries(found.map(([name = '', path = '']) => [name, path]));
}

/** Names of variables such as `https_proxy`: those that the system's profile sets, a line each, and those of the environment. */
export function readProxyVariables(text: string | null, environment: readonly string[]): readonly string[] {
  const names = [...(text ?? '').split('\n'), ...environment];
  return [...new Set(names.filter((name) => /^(?:https?|ftp|all|no)_proxy$/i.test(name)))].sort();
}
