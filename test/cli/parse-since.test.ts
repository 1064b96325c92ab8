import { expect, test } from 'vitest';
import { parseSince } from '../../src/cli/parse-since.ts';

const now = new Date('2026-03-05T12:00:00Z');

test.each([
  ['90m', '2026-03-05T10:30:00.000Z'],
  ['24h', '2026-03-04T12:00:00.000Z'],
  ['3d', '2026-03-02T12:00:00.000Z'],
  ['2026-01-31', '2026-01-31T00:00:00.000Z'],
  ['2026-01-31T14:30', '2026-01-31T14:30:00.000Z'],
  ['2026-01-31 14:30:05Z', '2026-01-31T14:30:05.000Z'],
])('%s is %s', (text, since) => {
  expect(parseSince(text, now).toISOString()).toBe(since);
});

test.each(['', 'yesterday', '3 d', '-3d', '2026-13-01', '2026-01-31T25:00', '2027-01-01', '999999d', '--boot'])(
  '%j is no time in the past',
  (text) => {
    expect(() => parseSince(text, now)).toThrow(expect.objectContaining({ code: 'USAGE', where: '--since' }));
  },
);
