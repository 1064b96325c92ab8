import { openApiClient } from '../../api/api-client.ts';
import { ApiError } from '../../api/api-error.ts';
import { fieldsAt, itemsOf, textOf } from '../../kubernetes/health/fields.ts';
import { FIELD_MANAGER } from '../../kubernetes/objects/api-object.ts';
import { type NodeMarks, nodePatch } from '../../kubernetes/objects/node-marks.ts';
import { retryTransient } from '../retry-transient.ts';
import type { StepHandler } from '../step-handler.ts';
import { nodeReference } from './await-cluster.ts';

/**
 * Gives a Node its labels, annotations and taints, from what it has at that moment: with what somebody else changes in between, it is
 * read and judged again. Changed is what has another resourceVersion then.
 */
export const patchNode: StepHandler<'patch-node'> = async ({ kubeconfig, node, marks }, { host, stop, report }) => {
  const client = await openApiClient(host.files, kubeconfig);
  const reference = nodeReference(node);
  try {
    return await retryTransient(
      async () => {
        const present = await client.get(reference);
        if (present === undefined) {
          throw new ApiError({
            doing: `mark Node ${node}`,
            where: client.where,
            status: 404,
            said: 'there is no such Node',
          });
        }
        const { resourceVersion } = present.metadata;
        const { metadata, ...rest } = nodePatch(marks, marksOf(present));
        const patch = { ...rest, metadata: { ...metadata, resourceVersion } };
        const patched = await client.patch(reference, patch, FIELD_MANAGER);
        return { changed: patched.metadata.resourceVersion !== resourceVersion };
      },
      { stop, report },
    );
  } finally {
    client.close();
  }
};

function marksOf(node: Parameters<typeof fieldsAt>[0]): Pick<NodeMarks, 'labels' | 'taints'> {
  const labels = Object.entries(fieldsAt(node, 'metadata', 'labels')).map(([name, value]) => [name, String(value)]);
  const taints = itemsOf(fieldsAt(node, 'spec'), 'taints').map((taint) => {
    return { ...taint, key: textOf(taint, 'key'), effect: textOf(taint, 'effect') };
  });
  return { labels: Object.fromEntries(labels), taints };
}
