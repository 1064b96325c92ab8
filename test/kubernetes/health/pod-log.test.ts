import { expect, test } from 'vitest';
import { messageOfLogLine } from '../../../src/kubernetes/health/pod-log.ts';

test.each([
  ['2026-11-21T21:55:07.123456789Z stderr F {"level":"fatal"}', '{"level":"fatal"}'],
  ['2026-11-21T21:55:07.123456789+01:00 stdout P half of ', 'half of '],
  ['2026-11-21T21:55:07.123456789Z stderr F ', ''],
  ['torn', 'torn'],
])('of %j the message is %j', (line, message) => {
  expect(messageOfLogLine(line)).toBe(message);
});
