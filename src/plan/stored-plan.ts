import { sha256Of } from '../disc/sha256-of.ts';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { filesOfStep, PLAN_API_VERSION, type Plan, planDigest } from './plan.ts';

/** A plan from its JSON. Throws a `DIFFERS` for one that is not whole, or not of this version of plans. `where`: the file. */
export function readStoredPlan(text: string, where: string): Plan {
  const plan = parse(text);
  if (plan !== undefined && plan.apiVersion !== PLAN_API_VERSION) {
    throw refused(where, `The stored plan is of version ${plan.apiVersion}, this program reads ${PLAN_API_VERSION}`);
  }
  if (plan === undefined || !isWhole(plan)) throw refused(where, 'The stored plan is not what was written');
  return plan;
}

function parse(text: string): Plan | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'steps' in value && Array.isArray(value.steps)
      ? (value as Plan)
      : undefined;
  } catch {
    return undefined;
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
