import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

const slow = ['test/integration/**', 'test/e2e/**', 'test/bench/**'];

export default defineConfig({
  test: {
    reporters: ['default'],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: slow,
          // A limit for what hangs, not for what is slow on a busy machine.
          testTimeout: 60_000,
          maxWorkers: '100%',
          // Files change nothing that others see, so a worker loads the product once: half of the time it took.
          isolate: false,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 1_800_000,
          // Each file waits for other programs half of the time. They share nothing but the cache, which has locks.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 1_800_000,
          // Hosts have a network, a disk and processes of their own; files wait, one of them for minutes, while others work.
          maxWorkers: 3,
        },
      },
    ],
  },
});
