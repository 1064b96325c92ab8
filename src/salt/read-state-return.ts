import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { isRecord } from '../values/is-record.ts';

/** What became of one state of a run. */
export interface StateOutcome {
  /** The state's own name: a path, a service. */
  readonly id: string;
  /** `file.managed` */
  readonly function: string;
  /** `would change` in a run that only looks. */
  readonly result: 'unchanged' | 'changed' | 'would change' | 'failed';
  readonly comment: string;
}

/**
 * Reads what a masterless run of states printed, in the order in which they ran. Throws a `STEP_FAILED` with Salt's own words when it
 * could not even begin, because a formula or the pillar cannot be read. `said`: what it printed on its other output, where a Python that cannot
 * start says why.
 */
export function readStateReturn(text: string, said = ''): readonly StateOutcome[] {
  const answer = parse(text);
  const states = answer?.local;
  if (Array.isArray(states)) throw refused(states.map(String).join('\n'));
  if (!isRecord(states)) throw refused(text.trim() || said);
  return Object.entries(states)
    .map(([key, state]) => ({ key, state: isRecord(state) ? state : {} }))
    .toSorted((left, right) => Number(left.state.__run_num__) - Number(right.state.__run_num__))
    .map(({ key, state }) => outcome(key, state));
}

/**
 * What Salt says when it does nothing, since another run of it is under way on the host; undefined for any other answer. It looks at the
 * processes first, so one that was killed is in nobody's way.
 */
export function runningElsewhere(text: string): string | undefined {
  const states = parse(text)?.local;
  if (!Array.isArray(states)) return undefined;
  return states.map(String).find((line) => /^The function ".*" is running as PID \d+/.test(line));
}

/** A key is `file_|-ID_|-NAME_|-managed`. */
function outcome(key: string, state: Readonly<Record<string, unknown>>): StateOutcome {
  const parts = key.split('_|-');
  return {
    id: String(state.__id__ ?? parts[1]),
    function: `${parts[0]}.${parts.at(-1)}`,
    result: resultOf(state),
    comment: String(state.comment ?? ''),
  };
}

function resultOf({ result, changes }: Readonly<Record<string, unknown>>): StateOutcome['result'] {
  if (result === null) return 'would change';
  if (result !== true) return 'failed';
  return isRecord(changes) && Object.keys(changes).length > 0 ? 'changed' : 'unchanged';
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function refused(words: string): MetalK8sError {
  return new MetalK8sError('STEP_FAILED', `Salt could not begin: ${words === '' ? 'it said nothing' : words}`, {
    hint: 'See the log of Salt on the host: /var/log/metalk8s/salt.log',
  });
}
