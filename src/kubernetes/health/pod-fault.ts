import type { ApiObject } from '../objects/api-object.ts';
import { conditionOf, type Fields, fieldsAt, itemsOf, numberOf, reasonOf, textOf } from './fields.ts';

/** What the kubelet says of an image that it does not get. */
const IMAGE_REASONS = [
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'RegistryUnavailable',
];
/** What it says while all goes as it should. */
const ON_THE_WAY = ['PodInitializing', 'ContainerCreating'];
/** Owners that make another pod when one has failed. */
const REPLACING = ['ReplicaSet', 'DaemonSet', 'StatefulSet', 'Job'];

/** Why a pod does not do its work, for people; undefined when it is ready, has done its work, or is going or replaced. */
export function podFault(pod: ApiObject): string | undefined {
  const status = fieldsAt(pod, 'status');
  const phase = textOf(status, 'phase');
  if (pod.metadata.deletionTimestamp !== undefined || phase === 'Succeeded') return undefined;
  if (phase === 'Failed') {
    if (REPLACING.includes(textOf(ownerOf(pod), 'kind'))) return undefined;
    return `has failed: ${reasonOf(status) || 'without a word'}`;
  }
  if (conditionOf(pod, 'Ready').status === 'True') return undefined;
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled.status === 'False') return `cannot be scheduled: ${textOf(scheduled, 'message')}`;
  const states = [
    ...itemsOf(status, 'initContainerStatuses').map((container) => initFault(container)),
    ...itemsOf(status, 'containerStatuses').map((container) => containerFault(container)),
  ];
  const faults = states.filter((state) => state !== undefined);
  // What is broken says more than what waits for it.
  const grave = faults.filter(({ grave }) => grave);
  const told = (grave.length > 0 ? grave : faults.slice(0, 1)).map(({ text }) => text);
  return told.length > 0
    ? told.join(', ')
    : `is ${phase === '' ? 'not begun' : phase}${dashed(reasonOf(conditionOf(pod, 'Ready')))}`;
}

/** The controller of an object; empty when there is none. */
export function ownerOf({ metadata }: ApiObject): Fields {
  return itemsOf(metadata, 'ownerReferences').find(({ controller }) => controller === true) ?? {};
}

interface ContainerFault {
  readonly text: string;
  readonly grave: boolean;
}

/** An init container has to end well; one that stays beside the others has to be started. */
function initFault(container: Fields): ContainerFault | undefined {
  const ended = fieldsAt(container, 'state', 'terminated');
  if (ended.exitCode === 0 || container.started === true) return undefined;
  const { text, grave } = containerFault(container) ?? { text: '', grave: false };
  return { text: `init ${text}`, grave };
}

function containerFault(container: Fields): ContainerFault | undefined {
  const name = `container ${textOf(container, 'name')}`;
  const waiting = fieldsAt(container, 'state', 'waiting');
  const ended = fieldsAt(container, 'state', 'terminated');
  const reason = textOf(waiting, 'reason');
  if (IMAGE_REASONS.includes(reason)) {
    return { text: `${name} has no image ${textOf(container, 'image')}: ${reasonOf(waiting)}`, grave: true };
  }
  if (reason !== '' && !ON_THE_WAY.includes(reason)) {
    const last = fieldsAt(container, 'lastState', 'terminated');
    const text = last.exitCode === undefined ? reasonOf(waiting) : `${reason}, ${endOf(last)}`;
    return { text: `${name}: ${text}`, grave: true };
  }
  if (reason !== '') return { text: `${name} is being made${dashed(textOf(waiting, 'message'))}`, grave: false };
  if (ended.exitCode !== undefined) return { text: `${name} ${endOf(ended)}`, grave: true };
  if (container.ready === true) return undefined;
  return { text: `${name} runs and is not ready`, grave: false };
}

function endOf(ended: Fields): string {
  return `ended with ${numberOf(ended, 'exitCode')}${dashed(reasonOf(ended))}`;
}

function dashed(text: string): string {
  return text === '' ? '' : ` (${text})`;
}
