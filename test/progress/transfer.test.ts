import { describe, expect, test } from 'vitest';
import { looked, mebibytes, pace, type Transfer } from '../../src/progress/transfer.ts';

const MiB = 1024 * 1024;

function transferOf(...samples: readonly (readonly [seconds: number, mebibytes: number])[]): Transfer {
  return samples.reduce<Transfer>((all, [at, done]) => looked(all, { at: at * 1000, done: done * MiB }), []);
}

describe('how fast it goes, and for how long', () => {
  test.each<[string, Transfer, number | undefined, string]>([
    ['nothing is known yet', transferOf(), 100, ''],
    ['less than a second tells nothing', transferOf([0, 0], [0.9, 10]), 100, ''],
    ['from the first sample on', transferOf([0, 0], [2, 20]), 100, '10.0 MiB/s, 8 s left'],
    ['what was there at the beginning was not fetched', transferOf([0, 50], [2, 60]), 100, '5.0 MiB/s, 8 s left'],
    ['only the last seconds count', transferOf([0, 0], [100, 10], [105, 60], [110, 110]), 200, '10.0 MiB/s, 9 s left'],
    ['nothing comes', transferOf([0, 10], [20, 10], [31, 10]), 100, '0.0 MiB/s'],
    ['a count that goes back begins anew', transferOf([0, 0], [10, 100], [11, 50]), 200, ''],
    ['minutes', transferOf([0, 0], [1, 1]), 121, '1.0 MiB/s, 2 min left'],
    ['hours', transferOf([0, 0], [1, 1]), 7201, '1.0 MiB/s, 2 h left'],
    ['nobody knows how much there will be', transferOf([0, 0], [1, 1]), undefined, '1.0 MiB/s'],
  ])('%s', (_, transfer, total, text) => {
    expect(pace(transfer, total === undefined ? undefined : total * MiB)).toBe(text);
  });

  test('samples do not pile up, however many come', () => {
    let transfer: Transfer = [];
    for (let at = 0; at < 60_000; at += 5) transfer = looked(transfer, { at, done: at * 1000 });
    expect(transfer.length).toBeLessThan(100);
    expect(pace(transfer, undefined)).toBe(`${mebibytes(1_000_000)} MiB/s`);
  });
});

test.each([
  [0, '0.0'],
  [1_000_000, '1.0'],
  [99.9 * MiB, '99.9'],
  [99.96 * MiB, '100'],
  [4321 * MiB, '4321'],
])('%d bytes are %s MiB', (bytes, text) => {
  expect(mebibytes(bytes)).toBe(text);
});
