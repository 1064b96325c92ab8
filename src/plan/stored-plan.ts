import { sha256Of } from '../disc/sha256-of.ts';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { filesOfStep, PLAN_API_VERSION, type Plan, planDigest } from './plan.ts';

/** A plan from its JSON. Throws a `DIFFERS` for one that is not whole, or not of this version of plans. `where`: the file. */
export function readStoredPlan(text: string, where: string): Plan {
  const stored = parse(text);
  const { apiVersion } = stored;
  // First of all: what else a plan of another version has is not for this program to judge.
  if (typeof apiVersion === 'string' && apiVersion !== PLAN_API_VERSION) {
    throw refused(where, `The stored plan is of version ${apiVersion}, this program reads ${PLAN_API_VERSION}`);
  }
  if (!Array.isArray(stored.steps) || !isWhole(stored as unknown as Plan)) {
    throw refused(where, 'The stored plan is not what was written');
  }
  return stored as unknown as Plan;
}

/** The fields of an object in JSON; of anything else there are none. */
function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}

/** Its digest covers all but the contents, each of which has its own. */
function isWhole(plan: Plan): boolean {
  return planDigest(plan) === plan.digest && hasContents(plan.contents, plan.steps);
}

function hasContents(contents: unknown, steps: Plan['steps']): boolean {
  if (typeof contents !== 'object' || contents === null) return false;
  const texts = new Map(Object.entries(contents));
  return (
    steps.flatMap(filesOfStep).every(({ sha256 }) => texts.has(sha256)) &&
    [...texts].every(([sha256, content]) => typeof content === 'string' && sha256Of(content) === sha256)
  );
}

function refused(where: string, message: string): MetalK8sError {
  return new MetalK8sError('DIFFERS', message, {
    where,
    hint: 'Carry on with the program that began the run, or undo it: metalk8s reset',
  });
}
