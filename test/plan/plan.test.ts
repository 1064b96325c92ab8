import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/plan/canonical-json.ts';
import { makePlan, type Step } from '../../src/plan/plan.ts';

const head = { command: 'bootstrap', version: '136.0.0', kubernetes: '1.36.3' } as const;

function step(id: string, host = 'cp1'): Step {
  return { id, host, kind: 'start-unit', title: 'Start it', reason: 'it is wanted', disrupts: null, unit: 'x.service' };
}

test('a host has no two steps of one id; two hosts may', () => {
  expect(() => makePlan(head, [step('one'), step('one')], {})).toThrow('two steps are called cp1: one');
  expect(makePlan(head, [step('one'), step('one', 'cp2')], {}).steps).toHaveLength(2);
});

test('the digest changes with every part of a plan, and with the order of its steps', () => {
  const plans = [
    makePlan(head, [step('one'), step('two')], {}),
    makePlan(head, [step('two'), step('one')], {}),
    makePlan(head, [step('one')], {}),
    makePlan(head, [{ ...step('one'), title: 'Stop it' }], {}),
    makePlan({ ...head, version: '137.0.0' }, [step('one')], {}),
    makePlan({ ...head, kubernetes: '1.36.4' }, [step('one')], {}),
  ];
  expect(new Set(plans.map(({ digest }) => digest)).size).toBe(plans.length);
});

test('canonical JSON is JSON of the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('canonical JSON sorts keys at every depth, keeps the order of lists, and leaves out what is undefined', () => {
  expect(canonicalJson({ b: [{ d: 1, c: undefined }, 'a'], a: { z: null, y: true } })).toBe(
    '{"a":{"y":true,"z":null},"b":[{"d":1},"a"]}',
  );
});
