import { isDeepStrictEqual } from 'node:util';
import type { StoredObject } from '../../api/answer.ts';
import { type ApiClient, openApiClient } from '../../api/api-client.ts';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { HostFiles } from '../../hosts/host.ts';
import { conditionOf, fieldsAt, itemsOf, reasonOf, textOf } from '../../kubernetes/health/fields.ts';
import { type ApiObject, type ClusterObject, nameOfObject, withFiles } from '../../kubernetes/objects/api-object.ts';
import { retryTransient } from '../retry-transient.ts';
import type { StepContext, StepHandler } from '../step-handler.ts';
import { waitUntil } from '../wait-until.ts';
import { whileAway } from './await-cluster.ts';

const DEFINITION = 'CustomResourceDefinition';
/** It takes a second or two, and five more where there are several API servers. */
const DEFINITION_SECONDS = 60;

/**
 * Writes objects, in their order. One that is the same afterwards was so already; what others write into its status meanwhile does not count.
 * Objects of a kind that comes with the step are written once the API has it, and the step ends when it has all of them.
 */
export const applyObjects: StepHandler<'apply-objects'> = async (step, context) => {
  const { host, stop, report } = context;
  const objects = await filled(step.objects, host.files);
  const client = await openApiClient(host.files, step.kubeconfig);
  const writing = { client, context, fieldManager: step.fieldManager };
  const definitions: StoredObject[] = [];
  let changed = false;
  try {
    for (const [index, { object, write }] of objects.entries()) {
      stop.throwIfAborted();
      if (definitions.some((definition) => defines(definition, object))) await waitForKind(object, writing);
      const written = await retryTransient(() => writeObject(object, write, writing), { stop, report });
      if (written.changed) changed = true;
      if (written.object?.kind === DEFINITION) definitions.push(written.object);
      report.progress(index + 1, objects.length, 'objects');
    }
    for (const definition of definitions) {
      if (establishedFault(definition) !== undefined) await waitForDefinition(definition, writing);
    }
    return { changed };
  } finally {
    client.close();
  }
};

interface Writing {
  readonly client: ApiClient;
  readonly context: Pick<StepContext, 'stop' | 'report'>;
  readonly fieldManager: string;
}

interface ObjectToWrite {
  readonly object: ApiObject;
  readonly write: ClusterObject['write'];
}

async function filled(objects: readonly ClusterObject[], files: HostFiles): Promise<readonly ObjectToWrite[]> {
  const contents = new Map<string, Uint8Array>();
  for (const path of new Set(objects.flatMap((object) => object.files))) {
    const content = await files.read(path);
    if (content === undefined) {
      throw new MetalK8sError('STEP_FAILED', 'A file that belongs into an object of the API is not there', {
        where: path,
        hint: 'An earlier step makes it. Run the command again; it makes what lacks.',
      });
    }
    contents.set(path, Buffer.from(content));
  }
  return objects.map((object) => ({ object: withFiles(object, contents), write: object.write }));
}

async function writeObject(
  object: ApiObject,
  write: ClusterObject['write'],
  { client, fieldManager }: Writing,
): Promise<{ readonly changed: boolean; readonly object: StoredObject | undefined }> {
  const present = await client.get(object);
  if (write === 'apply') {
    const applied = await client.apply(object, fieldManager);
    return { changed: present === undefined || !isSame(present, applied), object: applied };
  }
  // Somebody else may make it in between: then it is that one.
  const created = present === undefined ? await client.create(object, fieldManager) : undefined;
  return { changed: created !== undefined, object: created ?? present };
}

function isSame(before: StoredObject, after: StoredObject): boolean {
  return (
    before.metadata.resourceVersion === after.metadata.resourceVersion || isDeepStrictEqual(said(before), said(after))
  );
}

/** What an object says, without what its controllers say of it. */
function said({ status, metadata, ...rest }: StoredObject): unknown {
  const { resourceVersion, managedFields, ...described } = metadata;
  return { ...rest, metadata: described };
}

function defines(definition: ApiObject, object: ApiObject): boolean {
  const spec = fieldsAt(definition, 'spec');
  return (
    object.apiVersion.startsWith(`${textOf(spec, 'group')}/`) && textOf(fieldsAt(spec, 'names'), 'kind') === object.kind
  );
}

async function waitForKind({ apiVersion, kind }: ApiObject, { client, context }: Writing): Promise<void> {
  await waitUntil(
    {
      what: `the API has ${kind} of ${apiVersion}`,
      look: (stop) =>
        whileAway(client.serves(apiVersion, kind, stop).then((serves) => (serves ? undefined : 'it has no such kind'))),
      where: client.where,
      hint: 'Look at its definition, `kubectl get crd`, and at the log of the API server.',
    },
    { deadlineSeconds: DEFINITION_SECONDS, stop: context.stop, report: context.report },
  );
}

async function waitForDefinition(definition: StoredObject, { client, context }: Writing): Promise<void> {
  const name = nameOfObject(definition);
  await waitUntil(
    {
      what: `${name} is established`,
      look: (stop) =>
        whileAway(
          client.get(definition, stop).then((found) => (found === undefined ? 'it is gone' : establishedFault(found))),
        ),
      where: client.where,
      hint: `Look at \`kubectl describe crd ${definition.metadata.name}\`.`,
    },
    { deadlineSeconds: DEFINITION_SECONDS, stop: context.stop, report: context.report },
  );
}

function establishedFault(definition: ApiObject): string | undefined {
  if (conditionOf(definition, 'Established').status === 'True') return undefined;
  const refused = itemsOf(fieldsAt(definition, 'status'), 'conditions').find(({ status }) => status === 'False');
  return refused === undefined ? 'the API server has not looked at it' : reasonOf(refused);
}
