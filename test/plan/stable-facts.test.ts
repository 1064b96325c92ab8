import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { type BootstrapInputs, bootstrapPlan } from '../../src/plan/bootstrap-plan.ts';
import { bootstrapInputs } from '../support/plan/bootstrap-inputs.ts';

/** What comes and goes on a host by itself, or by a first attempt, makes no other plan. */
let inputs: BootstrapInputs;
let digest: string;

beforeAll(async () => {
  inputs = await bootstrapInputs();
  digest = bootstrapPlan(inputs).digest;
});

function digestWith(facts: Partial<BootstrapInputs['facts']>): string {
  return bootstrapPlan({ ...inputs, facts: { ...inputs.facts, ...facts } }).digest;
}

/** Of pods, services and of networks that no plane is in: those of interfaces that a network plugin makes, among them. */
const foreignAddress = fc
  .tuple(fc.constantFrom('10.233', '10.96', '172.17', '192.168', '169.254'), fc.nat(255), fc.nat(255))
  .map(([network, third, fourth]) => `${network}.${third}.${fourth}`);

test('addresses outside the planes, wherever they stand in the list', () => {
  fc.assert(
    fc.property(fc.array(foreignAddress), fc.array(foreignAddress), fc.array(foreignAddress), (...[a, b, c]) => {
      const [other = '', control = '', workload = ''] = inputs.facts.addresses;
      expect(digestWith({ addresses: [...a, other, ...b, control, ...c, workload] })).toBe(digest);
    }),
    { numRuns: 25 },
  );
});

test('a second address on a plane, after the first', () => {
  expect(digestWith({ addresses: [...inputs.facts.addresses, '10.200.1.250'] })).toBe(digest);
});

test('facts that the plan does follow from', () => {
  expect(digestWith({ hostname: 'cp2' })).not.toBe(digest);
  expect(digestWith({ addresses: ['10.200.1.12', '10.200.2.12'] })).not.toBe(digest);
});
