import { expect, test } from 'vitest';
import { oldestFirst } from '../../src/support-bundle/oldest-first.ts';

/** What journalctl 239 (Enterprise Linux 8) and 252 print alike by `--reverse --output=short-iso-precise`. */
const newestFirst = `2023-11-15T06:32:40.000000+0000 n1 kubelet: entry 2996
2023-11-15T06:25:10.000000+0000 n1 kubelet: entry 2951
                                             second line of 2951
2023-11-15T06:25:00.000000+0000 n1 kernel: entry 2950
`;

test('entries of a journal in the order of time, each with its further lines behind its first', () => {
  expect(oldestFirst(newestFirst)).toBe(`2023-11-15T06:25:00.000000+0000 n1 kernel: entry 2950
2023-11-15T06:25:10.000000+0000 n1 kubelet: entry 2951
                                             second line of 2951
2023-11-15T06:32:40.000000+0000 n1 kubelet: entry 2996
`);
});

test.each(['', 'one entry\n', 'one entry\n  of two lines\n'])('what has nothing to be turned stays: %j', (text) => {
  expect(oldestFirst(text)).toBe(text);
});
