import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { waitUntil } from '../../src/engine/wait-until.ts';
import { MetalK8sError } from '../../src/errors/metalk8s-error.ts';

const never = new AbortController().signal;
const door = { what: 'the door opens', where: 'the door', hint: 'Knock.' };

function reported() {
  const told: unknown[][] = [];
  return { told, report: { waiting: (...words: unknown[]) => void told.push(words) } };
}

/** Sees one thing after the other, then that it is so. */
function seeing(...things: string[]) {
  return async () => things.shift();
}

test('what is so already is not waited for', async () => {
  const { told, report } = reported();
  const looks = await waitUntil({ ...door, look: seeing() }, { deadlineSeconds: 1, stop: never, report });
  expect([looks, told]).toEqual([1, []]);
});

test('what is seen is told once as long as it stays', async () => {
  const { told, report } = reported();
  const look = seeing('closed', 'closed', 'ajar', 'ajar', 'closed');
  expect(await waitUntil({ ...door, look }, { deadlineSeconds: 60, stop: never, report, periodMs: 1 })).toBe(6);
  expect(told).toEqual([
    ['the door opens', 'closed'],
    ['the door opens', 'ajar'],
    ['the door opens', 'closed'],
  ]);
});

test('the deadline says what was seen last and where to look', async () => {
  const wait = waitUntil(
    { ...door, look: async () => 'closed' },
    { deadlineSeconds: 0.02, stop: never, ...reported(), periodMs: 1 },
  );
  await expect(wait).rejects.toMatchObject({
    code: 'STEP_FAILED',
    message: 'Waited 0.02 seconds in vain for this: the door opens',
    where: 'the door',
    hint: 'Knock.',
    cause: { message: 'seen last: closed' },
  });
});

test('at the deadline, and only then, what else can be seen is told', async () => {
  const explain = async () => ['the lock is rusty', 'nobody is in'];
  const options = { deadlineSeconds: 0.01, stop: never, ...reported(), periodMs: 1 };
  await expect(waitUntil({ ...door, look: async () => 'closed', explain }, options)).rejects.toMatchObject({
    cause: { message: 'seen last: closed\nthe lock is rusty\nnobody is in' },
  });
  const broken = () => Promise.reject(new Error('no light'));
  await expect(waitUntil({ ...door, look: async () => 'closed', explain: broken }, options)).rejects.toMatchObject({
    code: 'STEP_FAILED',
    cause: { message: 'seen last: closed' },
  });
  expect(
    await waitUntil({ ...door, look: seeing('closed'), explain: broken }, { ...options, deadlineSeconds: 60 }),
  ).toBe(2);
});

test('a look that takes too long ends at the deadline, and what was seen before is told', async () => {
  const things = ['closed'];
  const look = async (signal: AbortSignal) => things.shift() ?? sleep(60_000, 'never', { signal });
  const options = { deadlineSeconds: 0.05, stop: never, ...reported(), periodMs: 1 };
  await expect(waitUntil({ ...door, look }, options)).rejects.toMatchObject({
    cause: { message: 'seen last: closed' },
  });
  await expect(waitUntil({ ...door, look }, options)).rejects.toMatchObject({
    cause: { message: 'seen last: no answer' },
  });
});

test('what was opened for it is closed once, whether it came about, did not, or could not be looked at', async () => {
  const ends: string[] = [];
  const options = { deadlineSeconds: 0.01, stop: never, ...reported(), periodMs: 1 };
  const waiting = (name: string, look: () => Promise<string | undefined>) =>
    waitUntil({ ...door, look, end: () => void ends.push(name) }, options).catch(() => {});
  await waiting('open', seeing());
  await waiting('closed', async () => 'closed');
  await waiting('no eyes', () => Promise.reject(new Error('no eyes')));
  expect(ends).toEqual(['open', 'closed', 'no eyes']);
});

test('a stop ends it with its reason, while it looks and between', async () => {
  const reason = new MetalK8sError('INTERRUPTED', 'stopped by SIGINT');
  for (const look of [async () => 'closed', (signal: AbortSignal) => sleep(60_000, 'never', { signal })]) {
    const stop = new AbortController();
    const wait = waitUntil(
      { ...door, look },
      { deadlineSeconds: 60, stop: stop.signal, ...reported(), periodMs: 60_000 },
    );
    setTimeout(() => stop.abort(reason), 5);
    await expect(wait).rejects.toBe(reason);
  }
});

test('what cannot be looked at is not waited for', async () => {
  const look = () => Promise.reject(new Error('no eyes'));
  await expect(waitUntil({ ...door, look }, { deadlineSeconds: 60, stop: never, ...reported() })).rejects.toThrow(
    'no eyes',
  );
});

test('a failure that comes after the deadline is told as it is: that it waited in vain is not why', async () => {
  const full = new MetalK8sError('STEP_FAILED', 'the disk is full');
  const look = async () => {
    await sleep(20);
    throw full;
  };
  const options = { deadlineSeconds: 0.005, stop: never, ...reported(), periodMs: 1 };
  await expect(waitUntil({ ...door, look }, options)).rejects.toBe(full);
});

test('what fails while it is stopped, for another reason than the stop, is told', async () => {
  const full = new MetalK8sError('STEP_FAILED', 'the disk is full');
  const stop = new AbortController();
  const look = async () => {
    stop.abort(new MetalK8sError('INTERRUPTED', 'stopped by SIGINT'));
    throw full;
  };
  const options = { deadlineSeconds: 60, stop: stop.signal, ...reported() };
  await expect(waitUntil({ ...door, look }, options)).rejects.toBe(full);
});
