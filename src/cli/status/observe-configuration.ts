import { access } from 'node:fs/promises';
import { loadConfiguration } from '../../config/load.ts';
import { isMetalK8sError } from '../../errors/metalk8s-error.ts';
import type { ApiObject } from '../../kubernetes/objects/api-object.ts';
import { CONFIGURATION_KEY } from '../../kubernetes/objects/own-namespace.ts';
import type { Difference } from '../../plan/differences.ts';
import { configurationDifferences } from '../configuration-differences.ts';

/** How the file of an administrator and the cluster's configuration compare. */
export interface ConfigurationState {
  readonly file: string;
  /** `no-file`: the cluster's alone counts, so that is no fault. `unknown`: one of them cannot be read. */
  readonly state: 'same' | 'differs' | 'no-file' | 'unknown';
  /** Before: the cluster's; after: the file's. */
  readonly differences: readonly Difference[];
  /** Why it is unknown. */
  readonly fault: string | null;
}

/** Compares the file with the object of the cluster; null: there is none, or nobody can ask for it. */
export async function observeConfiguration(file: string, object: ApiObject | null): Promise<ConfigurationState> {
  const unknown = (fault: string) => ({ file, state: 'unknown', differences: [], fault }) as const;
  if (!(await isThere(file))) return { file, state: 'no-file', differences: [], fault: null };
  let ours: Readonly<Record<string, unknown>>;
  try {
    ours = (await loadConfiguration(file)).configuration;
  } catch (error) {
    if (isMetalK8sError(error)) return unknown(`${file}: ${error.message}`);
    throw error;
  }
  if (object === null) return unknown('the cluster cannot be asked for its own');
  const found = configurationDifferences(object, ours);
  if (found === undefined) return unknown(`the ConfigMap of the cluster has no ${CONFIGURATION_KEY} that can be read`);
  return { file, state: found.length === 0 ? 'same' : 'differs', differences: found, fault: null };
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
