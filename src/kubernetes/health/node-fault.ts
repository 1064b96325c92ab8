import type { ApiObject } from '../objects/api-object.ts';
import { conditionOf, reasonOf } from './fields.ts';

/** Why a Node is not ready, for people; undefined when it is. */
export function nodeFault(node: ApiObject): string | undefined {
  const ready = conditionOf(node, 'Ready');
  if (ready.status === 'True') return undefined;
  if (ready.status === undefined) return 'its kubelet has said nothing yet';
  const reason = reasonOf(ready);
  if (ready.status === 'Unknown') return `its kubelet says nothing any more${reason === '' ? '' : ` (${reason})`}`;
  return reason === '' ? 'not ready' : reason;
}
