import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from '../../src/documents/nearest.ts';

describe('the nearest word', () => {
  it.each([
    ['podz', 'pods'],
    ['servcies', 'services'],
    ['controlplane', 'controlPlane'],
    ['workloadPlan', 'workloadPlane'],
    ['archive', 'archives'],
  ])('for %s is %s', (word, expected) => {
    expect(nearest(word, ['pods', 'services', 'controlPlane', 'workloadPlane', 'archives', 'ca'])).toBe(expected);
  });

  it.each(['region', 'xyz', '', 'ab', 'x'.repeat(100)])('for %j there is none', (word) => {
    expect(nearest(word, ['pods', 'services', 'controlPlane'])).toBeUndefined();
  });

  it('takes the nearer of two', () => {
    expect(nearest('RSA-307', ['RSA-2048', 'RSA-3072'])).toBe('RSA-3072');
  });
});

describe('the edit distance', () => {
  it.each([
    ['', '', 0],
    ['abc', '', 3],
    ['abc', 'abc', 0],
    ['abc', 'abd', 1],
    ['abc', 'acb', 1],
    ['kitten', 'sitting', 3],
  ])('of %j and %j is %i', (from, to, expected) => {
    expect(editDistance(from, to)).toBe(expected);
    expect(editDistance(to, from)).toBe(expected);
  });
});
