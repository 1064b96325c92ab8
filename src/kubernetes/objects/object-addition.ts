import type { ClusterSettings } from '../cluster-settings.ts';
import type { ApiObject } from './api-object.ts';

/** A field of one of kubeadm's objects that has another value with us, and why. */
export interface ObjectAddition {
  /** Keys and places of lists, from the object down. */
  readonly field: readonly (string | number)[];
  /** Undefined: the field is left out. */
  readonly value: unknown;
  readonly reason: string;
}

/** One of kubeadm's objects: what kubeadm sends, and what we change of it. */
export interface KubeadmObject {
  baseline(cluster: ClusterSettings): ApiObject;
  additions(cluster: ClusterSettings): readonly ObjectAddition[];
}

/** The object as we send it. */
export function renderObject({ baseline, additions }: KubeadmObject, cluster: ClusterSettings): ApiObject {
  return withFields(baseline(cluster), additions(cluster)) as ApiObject;
}

/** `value` with other values in some fields; what holds them is copied, and made where it is not there. */
export function withFields(value: unknown, additions: readonly Pick<ObjectAddition, 'field' | 'value'>[]): unknown {
  return additions.reduce((result, { field, value: added }) => withField(result, field, added), value);
}

function withField(holder: unknown, [key, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(holder)) return holder.with(Number(key), withField(holder[Number(key)], rest, value));
  const fields = (holder ?? {}) as Readonly<Record<string, unknown>>;
  const changed = withField(fields[key], rest, value);
  if (changed !== undefined) return { ...fields, [key]: changed };
  const { [key]: _left, ...others } = fields;
  return others;
}
