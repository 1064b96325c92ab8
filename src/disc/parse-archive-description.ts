import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { isMetalK8sError } from '../errors/metalk8s-error.ts';
import { checkCatalogue } from '../registry/check-catalogue.ts';
import { shown } from '../registry/rules.ts';
import type { ArchiveDescription } from '../release/archive-description.ts';
import { formats } from '../release/formats/formats.ts';
import { lockSchema } from '../release/schema/lock.ts';
import { isDiscPath } from './disc-path.ts';
import { parseArchiveHead } from './parse-archive-head.ts';
import { refuse } from './refuse.ts';

/**
 * Reads the whole of `release.json`, which may come from anybody. What newer versions may add beside the known fields is left alone. Throws a
 * `VERIFICATION_FAILED` that names the first field which is not as it should be.
 */
export function parseArchiveDescription(text: string, where: string): ArchiveDescription {
  parseArchiveHead(text, where);
  const document: unknown = JSON.parse(text);
  validator ??= new Ajv({ strict: true, formats: ajvFormats(), ownProperties: true }).compile<ArchiveDescription>(
    schema(),
  );
  if (!validator(document)) throw refuse(sentence(validator.errors), where);
  try {
    checkCatalogue(document.catalogue, where);
  } catch (error) {
    if (!isMetalK8sError(error)) throw error;
    throw refuse(error.message, where);
  }
  return document;
}

let validator: ValidateFunction<ArchiveDescription> | undefined;

function ajvFormats() {
  const known = Object.entries(formats).map(([name, { check }]) => [name, (text: string) => check(text) === undefined]);
  return { ...Object.fromEntries(known), 'path-on-disc': isDiscPath };
}

const TEXT = { type: 'string', maxLength: 10_000 };
const SIZE = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
const DIGEST = { type: 'string', format: 'digest' };

function formatted(format: string) {
  return { type: 'string', format };
}

function list(items: object) {
  return { type: 'array', items };
}

function fields(required: Readonly<Record<string, object>>, optional: Readonly<Record<string, object>> = {}) {
  return { type: 'object', required: Object.keys(required), properties: { ...required, ...optional } };
}

/** Of what `parseArchiveHead` leaves. */
function schema(): object {
  const { images, packages, files } = lockSchema.properties;
  const lock = fields({ version: TEXT, images: plain(images), packages: plain(packages), files: plain(files) });
  const manifest = fields(
    { digest: DIGEST, mediaType: TEXT, size: SIZE },
    {
      children: list(DIGEST),
      subject: DIGEST,
      artifactType: TEXT,
      annotations: { type: 'object', additionalProperties: TEXT },
    },
  );
  const repository = fields({
    host: TEXT,
    name: TEXT,
    tags: list(fields({ tag: TEXT, digest: DIGEST })),
    manifests: list(manifest),
    blobs: list(DIGEST),
  });
  const carried = fields({
    platform: formatted('package-platform'),
    name: formatted('package-name'),
    epoch: formatted('package-epoch'),
    version: formatted('package-version'),
    release: formatted('package-version'),
    arch: formatted('package-architecture'),
    path: formatted('path-on-disc'),
    sha256: formatted('sha256'),
    size: SIZE,
    licence: TEXT,
    roles: list({ type: 'string', enum: ['node', 'bootstrap'] }),
  });
  return fields({
    components: list(formatted('component-name')),
    node: { type: 'string', pattern: '^[0-9]{1,5}\\.[0-9]{1,5}\\.[0-9]{1,5}$' },
    lock,
    catalogue: fields({ repositories: list(repository) }),
    packages: list(carried),
  });
}

/** A schema without the texts for people; fields that newer versions add are no fault here. */
function plain(part: unknown): object {
  if (Array.isArray(part)) return part.map((each) => (typeof each === 'object' ? plain(each) : each));
  const entries = Object.entries(part as object).filter(
    ([key]) => !['title', 'description', 'additionalProperties'].includes(key),
  );
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key,
      key === 'properties'
        ? Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]))
        : typeof value === 'object'
          ? plain(value)
          : value,
    ]),
  );
}

function sentence(errors: readonly ErrorObject[] | null | undefined): string {
  const [error] = errors ?? [];
  if (error === undefined) return 'it is not as it should be';
  const path = error.instancePath.slice(1).replaceAll('/', '.');
  if (error.keyword === 'required') {
    return `${[path, error.params.missingProperty].filter((part) => part !== '').join('.')} is missing`;
  }
  return `${path === '' ? 'it' : path} ${error.message ?? 'is not as it should be'}${error.data === undefined ? '' : ` (${shown(error.data)})`}`;
}
