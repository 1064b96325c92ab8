import { CERTIFICATE_KEY, TOKEN } from './configuration.ts';

/** What normalising needs to know of the run. */
export interface RunFacts {
  /** Milliseconds since the epoch at which kubeadm started. */
  readonly startedAt: number;
  /** Certificates on the host, in PEM, by path. */
  readonly certificates: ReadonlyMap<string, string>;
}

interface Normalisation {
  /** What of a text differs from run to run, or must not be stored. */
  readonly what: string;
  apply(text: string, facts: RunFacts): string;
}

interface ObjectNormalisation {
  readonly what: string;
  apply(object: KubernetesObject, facts: RunFacts): KubernetesObject;
}

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

const HOUR_MS = 3_600_000;
const [TOKEN_ID = '', TOKEN_SECRET = ''] = TOKEN.split('.');

/** Everything that is changed in texts before they become golden data. The rest is stored as kubeadm wrote it. */
const TEXT_NORMALISATIONS: readonly Normalisation[] = [
  {
    what: 'PEM in base64, in kubeconfigs: certificates become the path of the file with the same one, keys a word',
    apply: (text, { certificates }) =>
      text.replace(/LS0tLS1CRUdJTi[\w+/]+=*/g, (found) => {
        const pem = Buffer.from(found, 'base64').toString();
        if (!pem.startsWith('-----BEGIN CERTIFICATE-----')) return '<private key>';
        const path = [...certificates].find(([, other]) => other === pem)?.[0];
        return path === undefined ? '<certificate>' : `<certificate ${path}>`;
      }),
  },
  { what: 'the bootstrap token', apply: (text) => text.replaceAll(TOKEN, '<token-id>.<token-secret>') },
  {
    what: 'the id of the bootstrap token, in names',
    apply: (text) => text.replaceAll(`bootstrap-token-${TOKEN_ID}`, 'bootstrap-token-<token-id>'),
  },
  {
    what: 'the id of the short-lived token that owns uploaded certificates',
    apply: (text) => text.replace(/bootstrap-token-[a-z0-9]{6}\b/g, 'bootstrap-token-<random>'),
  },
  {
    what: 'the order of etcd members, which etcd lists by random ids',
    apply: (text) =>
      text.replace(/(--initial-cluster=)(\S+)/g, (_found, flag: string, members: string) => {
        return `${flag}${members.split(',').sort().join(',')}`;
      }),
  },
  {
    what: 'the key that uploaded certificates are encrypted with',
    apply: (text) => text.replaceAll(CERTIFICATE_KEY, '<certificate-key>'),
  },
];

/** Everything that is changed in API objects, before the texts in them are normalised as above. */
const OBJECT_NORMALISATIONS: readonly ObjectNormalisation[] = [
  {
    what: 'values of Secrets are decoded; encrypted ones, tokens and moments become words',
    apply(object, facts) {
      if (object.kind !== 'Secret') return object;
      const data = Object.entries((object.data ?? {}) as Record<string, string>);
      return {
        ...object,
        data: Object.fromEntries(data.map(([key, value]) => [key, secretValue(object, value, facts)])),
      };
    },
  },
  {
    what: 'metadata that the API server gives: uid, resourceVersion, creationTimestamp, generation, managedFields',
    apply(object) {
      if (object.metadata.uid === undefined) return object;
      const { uid, resourceVersion, creationTimestamp, generation, managedFields, ...metadata } = object.metadata;
      return { ...object, metadata };
    },
  },
  {
    what: 'uids of owners',
    apply(object) {
      const owners = object.metadata.ownerReferences as object[] | undefined;
      if (owners === undefined) return object;
      return {
        ...object,
        metadata: { ...object.metadata, ownerReferences: owners.map((owner) => ({ ...owner, uid: '<uid>' })) },
      };
    },
  },
  { what: 'status, which is not written by kubeadm', apply: ({ status, ...object }) => object as KubernetesObject },
];

export function normaliseText(text: string, facts: RunFacts): string {
  return TEXT_NORMALISATIONS.reduce((value, rule) => rule.apply(value, facts), text);
}

export function normaliseObject(object: KubernetesObject, facts: RunFacts): KubernetesObject {
  const changed = OBJECT_NORMALISATIONS.reduce((value, rule) => rule.apply(value, facts), object);
  return mapTexts(changed, (text) => normaliseText(text, facts)) as KubernetesObject;
}

function secretValue(secret: KubernetesObject, value: string, { startedAt }: RunFacts): string {
  if (secret.metadata.name === 'kubeadm-certs') return '<encrypted>';
  const text = Buffer.from(value, 'base64').toString();
  if (text === TOKEN_ID) return '<token-id>';
  if (text === TOKEN_SECRET) return '<token-secret>';
  if (/^\d{4}-\d\d-\d\dT[\d:]+Z$/.test(text))
    return `<${Math.round((Date.parse(text) - startedAt) / HOUR_MS)} hours after the start>`;
  if (/^[a-z0-9]{6}$/.test(text)) return '<random id>';
  if (/^[a-z0-9]{16}$/.test(text)) return '<random secret>';
  return text;
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [change(key), mapTexts(item, change)]));
}
