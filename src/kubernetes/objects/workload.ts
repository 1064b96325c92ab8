import { parseReference } from '../../registry/reference.ts';
import type { LockedImage } from '../../release/lock.ts';
import { isRecord } from '../../values/is-record.ts';
import { type ApiObject, nameOfObject } from './api-object.ts';
import { withFields } from './object-addition.ts';
import { invalid } from './upstream-manifest.ts';

/** A container of a pod, of which we look at these. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly env?: readonly Variable[];
  readonly [field: string]: unknown;
}

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly [field: string]: unknown;
}

/** Kinds that have a template of pods. */
const WORKLOADS = ['DaemonSet', 'Deployment', 'StatefulSet', 'Job'];
const POD = ['spec', 'template', 'spec'];

/** An object with its containers changed, init containers first; one without containers stays as it is. `path`: of its file, for messages. */
export function mapContainers(object: ApiObject, path: string, change: (container: Container) => Container): ApiObject {
  if (!WORKLOADS.includes(object.kind)) return object;
  const pod = podOf(object);
  const lists = ['initContainers', 'containers'].filter((list) => list === 'containers' || pod[list] !== undefined);
  const changes = lists.map((list) => {
    const containers = pod[list];
    if (!Array.isArray(containers) || !containers.every(isContainer)) {
      throw invalid(path, `has no ${list} as they have to be in ${nameOfObject(object)}`);
    }
    return { field: [...POD, list], value: containers.map(change) };
  });
  return withFields(object, changes) as ApiObject;
}

/** The fields of a workload's pods; none where it has no such thing. */
export function podOf(object: ApiObject): Readonly<Record<string, unknown>> {
  const pod = POD.reduce<unknown>((holder, key) => (isRecord(holder) ? holder[key] : undefined), object);
  return isRecord(pod) ? pod : {};
}

/** A container with variables set, in their place or at the end. */
export function withVariables(container: Container, values: Readonly<Record<string, string>>): Container {
  const present = container.env ?? [];
  const changed = present.map((variable) => {
    const value = values[variable.name];
    return value === undefined ? variable : { name: variable.name, value };
  });
  const added = Object.entries(values).filter(([name]) => !present.some((variable) => variable.name === name));
  return { ...container, env: [...changed, ...added.map(([name, value]) => ({ name, value }))] };
}

/**
 * An image by the digest that the release pins for its tag; its name stays upstream's. Throws a `RELEASE_INVALID` for an image that the
 * release has not. `path`: of the file that names it.
 */
export function imageByDigest(
  image: string,
  images: readonly Pick<LockedImage, 'reference' | 'digest'>[],
  path: string,
): string {
  const found = images.find(({ reference }) => reference === image);
  if (found === undefined) throw invalid(path, `names the image ${image}, which the release has not`);
  const { host, name } = parseReference(image, path);
  return `${host}/${name}@${found.digest}`;
}

function isContainer(value: unknown): value is Container {
  if (!isRecord(value)) return false;
  const { name, image, env = [] } = value;
  const isVariable = (one: unknown) => isRecord(one) && typeof one.name === 'string';
  return typeof name === 'string' && typeof image === 'string' && Array.isArray(env) && env.every(isVariable);
}
