import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';
import type { PlannedFile } from './planned-file.ts';
import type { Action } from './step-kinds.ts';

/**
 * Changes whenever steps get other fields or other meanings, so that no stored plan is carried on with by a program that misreads it. The second
 * names the packages of `install-packages` apart from its command.
 */
export const PLAN_API_VERSION = 'metalk8s.scality.com/v1alpha2';

/** What a run will do, in order. Plain data: what is printed is what is carried out. No secret is in it, nor the digest of one. */
export interface Plan {
  readonly apiVersion: typeof PLAN_API_VERSION;
  readonly kind: 'Plan';
  readonly command: 'bootstrap' | 'reset';
  /** Product version that the hosts will have. */
  readonly version: string;
  /** Without `v`; null: there will be none. */
  readonly kubernetes: string | null;
  /** `sha256:` and the digest of all that is above and of all steps, whatever the order of keys: equal plans have equal ones. */
  readonly digest: string;
  readonly steps: readonly Step[];
  /** What is in the files that steps name, by sha256: what many hosts have is here once. */
  readonly contents: Readonly<Record<string, string>>;
}

/** One thing to do on one host. Whether it is done already is seen on the host, when its turn comes. */
export type Step = Action & StepDescription;

export interface StepDescription {
  /** Unique on its host, and the same in each plan for the same cluster; journals and reports name it. */
  readonly id: string;
  /** Name of the node. */
  readonly host: string;
  /** What is done, as a line for people. */
  readonly title: string;
  /** Why, or why here. */
  readonly reason: string;
  /** What others on the host notice of it; null: nothing. */
  readonly disrupts: string | null;
}

/** Puts a plan together. `contents`: what steps name the digests of. Throws a RangeError for an id that a host has twice. */
export function makePlan(
  head: Pick<Plan, 'command' | 'version' | 'kubernetes'>,
  steps: readonly Step[],
  contents: Plan['contents'],
): Plan {
  const ids = new Set<string>();
  for (const { host, id } of steps) {
    const name = `${host}: ${id}`;
    if (ids.has(name)) throw new RangeError(`two steps are called ${name}`);
    ids.add(name);
  }
  const plan = { apiVersion: PLAN_API_VERSION, kind: 'Plan', ...head, steps, contents } as const;
  return { ...plan, digest: planDigest(plan) };
}

/** Files that a step places with contents of the plan. */
export function filesOfStep(step: Step): readonly PlannedFile[] {
  return step.kind === 'place-files' || step.kind === 'salt-phase' ? step.files : [];
}

/** The digest that a plan has to have. Steps name all contents by their digests, so that contents need not be read again. */
export function planDigest({ apiVersion, kind, command, version, kubernetes, steps }: Omit<Plan, 'digest'>): string {
  const head = { apiVersion, kind, command, version, kubernetes };
  const hash = createHash('sha256').update(canonicalJson(head));
  for (const step of steps) hash.update(`\n${canonicalJson(step)}`);
  return `sha256:${hash.digest('hex')}`;
}
