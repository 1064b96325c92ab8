import { parseAllDocuments } from 'yaml';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import { isRecord } from '../../values/is-record.ts';
import { type ApiObject, nameOfObject } from './api-object.ts';

/** A file of upstream's in a release, as objects. */
export interface UpstreamManifest {
  /** Path on the disc, for messages. */
  readonly path: string;
  readonly objects: readonly ApiObject[];
}

/** Reads the objects of a file. Throws a `RELEASE_INVALID` that names the file, and the line of what is no YAML or no object. */
export function readManifest(text: string, path: string): UpstreamManifest {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents)) throw invalid(path, 'has no object');
  const objects = documents.flatMap((document, index) => {
    const [error] = document.errors;
    if (error !== undefined) throw invalid(path, `is no YAML: ${error.message.split('\n')[0] ?? ''}`);
    if (document.contents === null) return [];
    const value = contentOf(document, path);
    if (!isApiObject(value)) throw invalid(path, `has no object of the Kubernetes API in its document ${index + 1}`);
    return [value];
  });
  if (objects.length === 0) throw invalid(path, 'has no object');
  return { path, objects };
}

/** Aliases are followed only here. */
function contentOf(document: { toJS(): unknown }, path: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    throw invalid(path, `is no YAML: ${(cause as Error).message}`);
  }
}

/** Changes the one object of a name. Throws a `RELEASE_INVALID` where it is not there once. */
export function patchObject(
  { path, objects }: UpstreamManifest,
  name: string,
  change: (object: ApiObject) => ApiObject,
): UpstreamManifest {
  const count = objects.filter((object) => nameOfObject(object) === name).length;
  if (count !== 1) throw invalid(path, `has the object ${name} ${count} times, not once`);
  return { path, objects: objects.map((object) => (nameOfObject(object) === name ? change(object) : object)) };
}

/** The complaint about a file. `lack`: what is wrong with it, as the end of a sentence. */
export function invalid(path: string, lack: string): MetalK8sError {
  return new MetalK8sError('RELEASE_INVALID', `The file of the release ${lack}`, {
    where: path,
    hint: 'Put the file of a version that this one of metalk8s knows into the release list, and build the disc again.',
  });
}

function isApiObject(value: unknown): value is ApiObject {
  if (!isRecord(value)) return false;
  const { apiVersion, kind, metadata } = value;
  return typeof apiVersion === 'string' && typeof kind === 'string' && isRecord(metadata) && isText(metadata.name);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
