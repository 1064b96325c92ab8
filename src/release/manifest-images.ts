import { isScalar, parseDocument, visit, type YAMLMap } from 'yaml';
import { isRecord } from '../values/is-record.ts';
import { completeReference, namesRegistry } from './complete-reference.ts';
import type { NamedImage } from './named-image.ts';
import { findTextImages, referencesIn } from './text-images.ts';

/** A text that cannot be read as manifests. The message says why, for people. */
export class MisreadManifest extends Error {}

/** The largest manifests that projects publish in one file have some megabytes. The limits bound what a hostile one costs. */
const MOST_CHARACTERS = 8 * 1024 * 1024;
const MOST_ALIASES = 100;

/** ConfigMaps hold manifests which hold ConfigMaps; nobody goes further. */
const DEEPEST = 3;

/**
 * The images that a stream of Kubernetes objects names: containers of all kinds wherever a pod may be described, image volumes, fields and
 * variables called image, references among arguments, and manifests inside ConfigMaps. Definitions of custom resources describe
 * fields and name no image. Throws a MisreadManifest, or when a container runs what is no image.
 */
export function findManifestImages(text: string, file: string, depth = 1): NamedImage[] {
  if (text.length > MOST_CHARACTERS) throw new MisreadManifest(`it has more than ${MOST_CHARACTERS} characters`);
  return documentsOf(text)
    .filter((document) => mayName(document) && !isDefinition(document))
    .flatMap((document) => objectsOf(readDocument(document)))
    .flatMap((object) => imagesOf(object, { file, depth }));
}

/** One of the documents of a stream. */
interface StreamDocument {
  readonly text: string;
  /** The number of the line that it begins in, from 0. */
  readonly line: number;
}

/** A line of three dashes ends a document wherever it stands, YAML 1.2.2, section 9.1.2. */
function documentsOf(text: string): StreamDocument[] {
  let line = 0;
  return text.split(/^---(?=\s|$)/m).map((part) => {
    const document = { text: part, line };
    line += linesIn(part);
    return document;
  });
}

/** Told without reading: by the word image, by a reference in full, or by escapes that may hide either. */
function mayName({ text }: StreamDocument): boolean {
  return /image|\\[xuU]/i.test(text) || referencesIn(text).length > 0;
}

/** Told without reading, because they are most of what a project publishes. */
function isDefinition({ text }: StreamDocument): boolean {
  const kinds = text.match(/^kind:.*$/gm) ?? [];
  return kinds.length === 1 && /^kind:\s*["']?CustomResourceDefinition["']?\s*(?:#.*)?$/.test(kinds[0]);
}

function readDocument({ text, line }: StreamDocument): unknown {
  const at = (offset: number) => `line ${line + linesIn(text.slice(0, offset)) + 1}`;
  // The parser's own search for keys that are there twice compares each with each.
  const document = parseDocument(text, { version: '1.2', prettyErrors: false, uniqueKeys: false, logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) throw new MisreadManifest(`${at(error.pos[0])}: ${error.message}`);
  visit(document, { Map: (_, map) => refuseTwins(map, at) });
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (cause) {
    throw new MisreadManifest(`it has more than ${MOST_ALIASES} aliases`, { cause });
  }
}

/** Kubernetes refuses them as well; readers that do not would disagree about what they mean. */
function refuseTwins({ items }: YAMLMap, at: (offset: number) => string): void {
  const keys = new Set<unknown>();
  for (const { key } of items) {
    if (!isScalar(key)) continue;
    if (keys.has(key.value)) {
      throw new MisreadManifest(`${at(key.range?.[0] ?? 0)}: the key ${JSON.stringify(key.value)} is there twice`);
    }
    keys.add(key.value);
  }
}

function linesIn(text: string): number {
  let lines = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) lines++;
  return lines;
}

type Fields = Readonly<Record<string, unknown>>;

function objectsOf(value: unknown): Fields[] {
  if (!isRecord(value)) return [];
  if (value.kind === 'CustomResourceDefinition') return [];
  const { kind, items } = value;
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items) ? items.flatMap(objectsOf) : [value];
}

interface Place {
  readonly file: string;
  readonly depth: number;
}

/** Walks without recursion, and over each shared part once. */
function imagesOf(object: Fields, { file, depth }: Place): NamedImage[] {
  const found: NamedImage[] = [];
  const seen = new Set<unknown>();
  const pending: { readonly value: unknown; readonly path: string }[] = [{ value: object, path: '' }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, path } = next;
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    for (const [key, field] of Object.entries(value)) {
      const at = Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
      const by = `${nameOf(object)}, ${at}`;
      for (const reference of referencesAt({ object, owner: value, key, field, path, by, file })) {
        found.push({ reference, file, by });
      }
      if (object.kind === 'ConfigMap' && path === 'data' && typeof field === 'string') {
        found.push(
          ...nestedImages(field, { key, depth }).map(({ reference, by: inside }) => ({
            reference,
            file,
            by: `${by}: ${inside}`,
          })),
        );
      }
      pending.push({ value: field, path: at });
    }
  }
  return found.toSorted((left, right) => (left.by < right.by ? -1 : left.by > right.by ? 1 : 0));
}

interface Field {
  readonly object: Fields;
  readonly owner: object;
  readonly key: string;
  readonly field: unknown;
  /** Of the owner. */
  readonly path: string;
  readonly by: string;
  readonly file: string;
}

const CONTAINER = /(?:^|\.)(?:containers|initContainers|ephemeralContainers)\[\d+\]$/;
const IMAGE_VOLUME = /(?:^|\.)volumes\[\d+\]\.image$/;
const ARGUMENTS = /(?:^|\.)(?:args|command)$/;

function referencesAt({ owner, key, field, path, by, file }: Field): string[] {
  if (typeof field !== 'string' || field === '') return [];
  const ofPod = (key === 'image' && CONTAINER.test(path)) || (key === 'reference' && IMAGE_VOLUME.test(path));
  if (ofPod) return [completed(field, by, file)];
  const isVariable = key === 'value' && 'name' in owner && /image$/i.test(String(owner.name));
  if (isVariable || /image$/i.test(key)) return namesRegistry(field) ? [completeReference(field) ?? []].flat() : [];
  return Array.isArray(owner) && ARGUMENTS.test(path) ? referencesIn(field) : [];
}

function completed(text: string, by: string, file: string): string {
  const reference = completeReference(text);
  if (reference !== undefined) return reference;
  throw new MisreadManifest(`${by} is ${JSON.stringify(text.slice(0, 100))}, which is no image reference (${file})`);
}

/** What a ConfigMap holds is a manifest, or any text. */
function nestedImages(text: string, { key, depth }: { readonly key: string; readonly depth: number }): NamedImage[] {
  if (depth < DEEPEST && /\.(?:ya?ml|json)$/.test(key)) {
    try {
      return findManifestImages(text, key, depth + 1);
    } catch (error) {
      if (!(error instanceof MisreadManifest)) throw error;
    }
  }
  return findTextImages(text, key);
}

function nameOf({ kind, metadata }: Fields): string {
  const { namespace, name } = isRecord(metadata) ? metadata : {};
  const full = [namespace, name].filter((part) => typeof part === 'string').join('/');
  return [typeof kind === 'string' ? kind : 'object', full].filter((part) => part !== '').join(' ');
}
