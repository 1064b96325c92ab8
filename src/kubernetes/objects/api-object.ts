/** An object of the Kubernetes API. Values that are undefined are left out when it is written. */
export interface ApiObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>> | undefined;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** An object and how it comes into a cluster. */
export interface ClusterObject {
  readonly object: ApiObject;
  /**
   * `apply`: by server-side apply as {@link FIELD_MANAGER}, with force: what it says is so again after each run, and what others add
   * beside it stays. `create-if-absent`: what is there is the truth, whatever it says.
   */
  readonly write: 'apply' | 'create-if-absent';
  /** Paths of files, the base64 of which stands in texts of the object; see {@link base64OfFile}. */
  readonly files: readonly string[];
}

/** The one field manager of all that we apply. */
export const FIELD_MANAGER = 'metalk8s';

/** Namespace of what is ours and no part of Kubernetes. */
export const METALK8S_NAMESPACE = 'metalk8s-system';

/** What tells our objects from others'. */
export const ownLabels = { 'app.kubernetes.io/part-of': 'metalk8s' } as const;

interface NamedObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** `ConfigMap kube-system/kube-proxy`, for messages. */
export function nameOfObject({ kind, metadata: { name, namespace } }: NamedObject): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** What stands in an object instead of a file that is not yet there when it is planned. */
export function base64OfFile(path: string): string {
  return `BASE64(${path})`;
}

/** The object with the base64 of its files in their places. `contents`: the bytes of each, by path; throws a `RangeError` for one that lacks. */
export function withFiles({ object, files }: ClusterObject, contents: ReadonlyMap<string, Uint8Array>): ApiObject {
  const texts = files.map((path) => {
    const content = contents.get(path);
    if (content === undefined) throw new RangeError(`${nameOfObject(object)} needs ${path}`);
    return [base64OfFile(path), Buffer.from(content).toString('base64')] as const;
  });
  const fill = (text: string) => texts.reduce((left, [place, value]) => left.replaceAll(place, () => value), text);
  return mapTexts(object, fill) as ApiObject;
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)]));
}
