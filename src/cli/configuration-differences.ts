import { parse } from 'yaml';
import { fieldsAt } from '../kubernetes/health/fields.ts';
import type { ApiObject } from '../kubernetes/objects/api-object.ts';
import { CONFIGURATION_KEY } from '../kubernetes/objects/own-namespace.ts';
import { type Difference, differences } from '../plan/differences.ts';
import { isRecord } from '../values/is-record.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Where a configuration in effect is not what the cluster's object says (before: the cluster's); undefined when the object has none that can
 * be read. Archives come, go and move without a change of the cluster's configuration.
 */
export function configurationDifferences(object: ApiObject, configuration: Fields): readonly Difference[] | undefined {
  const theirs = parsed(fieldsAt(object, 'data')[CONFIGURATION_KEY]);
  return theirs === undefined ? undefined : differences(withoutArchives(theirs), withoutArchives(configuration));
}

function withoutArchives({ archives, ...rest }: Fields): unknown {
  return rest;
}

function parsed(text: unknown): Fields | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const value: unknown = parse(text, { logLevel: 'error' });
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
