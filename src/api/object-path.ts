import { nameOfObject } from '../kubernetes/objects/api-object.ts';
import type { Resource } from './discovery.ts';

/** An object by its kind and name; objects themselves do. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** Where the API has an object. Throws a RangeError for one that needs a namespace and has none. */
export function objectPath(resource: Resource, reference: ObjectReference): string {
  return `${listPath(resource, namespaceOf(resource, reference))}/${encodeURIComponent(reference.metadata.name)}`;
}

/** The namespace of an object; undefined for a kind that has none. Throws a RangeError where one is needed and not given. */
export function namespaceOf({ namespaced }: Resource, reference: ObjectReference): string | undefined {
  if (!namespaced) return undefined;
  const { namespace } = reference.metadata;
  if (namespace === undefined) throw new RangeError(`${nameOfObject(reference)} needs a namespace`);
  return namespace;
}

/** Where the API has all objects of a kind; `namespace`: those of one. */
export function listPath({ base, plural }: Resource, namespace: string | undefined): string {
  const folder = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${base}${folder}/${encodeURIComponent(plural)}`;
}
