import { describe, expect, test } from 'vitest';
import { ApiError } from '../../src/api/api-error.ts';
import { retryTransient } from '../../src/engine/retry-transient.ts';

const failure = { doing: 'read', where: 'there', said: 'no' };
const away = new ApiError({ ...failure, transient: 'connection refused' });
const forbidden = (said: string) => new ApiError({ ...failure, status: 403, reason: 'Forbidden', said });

function trying(errors: readonly Error[], options: { seconds?: number; stop?: AbortSignal } = {}) {
  const left = [...errors];
  const told: string[] = [];
  let attempts = 0;
  const work = async () => {
    attempts += 1;
    const error = left.shift();
    if (error !== undefined) throw error;
    return 'done';
  };
  const report = { retried: (attempt: number, why: string, ms: number) => void told.push(`${attempt} ${why} ${ms}`) };
  const outcome = retryTransient(work, { stop: new AbortController().signal, report, ...options });
  return { told, outcome, attempts: () => attempts };
}

describe('what passes is tried again', () => {
  test('and told each time, with longer and longer pauses', async () => {
    const { told, outcome } = trying([away, away]);
    expect(await outcome).toBe('done');
    expect(told).toEqual(['1 connection refused 250', '2 connection refused 500']);
  });

  test('rights that are not in effect yet', async () => {
    const { told, outcome } = trying([forbidden('User "a" cannot get resource "pods" in API group ""')]);
    expect(await outcome).toBe('done');
    expect(told).toEqual(['1 the rights of the user are not in effect 250']);
  });

  test('no sooner than the server asks', async () => {
    const busy = new ApiError({ ...failure, status: 429, transient: 'busy', retryAfterSeconds: 1 });
    const { told, outcome } = trying([busy]);
    expect(await outcome).toBe('done');
    expect(told).toEqual(['1 busy 1000']);
  });
});

describe('at once thrown is', () => {
  test.each([
    ['what an admission plugin refuses', forbidden('pods "x" is forbidden: violates PodSecurity')],
    ['what is wrong', new ApiError({ ...failure, status: 422 })],
    ['what is no answer of the API', new Error('other')],
  ])('%s', async (_name, error) => {
    const { outcome, attempts } = trying([error]);
    await expect(outcome).rejects.toBe(error);
    expect(attempts()).toBe(1);
  });

  test('what the server wants to be asked again for after the end', async () => {
    const busy = new ApiError({ ...failure, status: 429, transient: 'busy', retryAfterSeconds: 3600 });
    await expect(trying([busy]).outcome).rejects.toBe(busy);
  });
});

test('the last failure is thrown when time is over', async () => {
  const { outcome, attempts } = trying(Array(50).fill(away), { seconds: 0.6 });
  await expect(outcome).rejects.toBe(away);
  expect(attempts()).toBe(2);
});

test('a stop ends the pause', async () => {
  const stop = new AbortController();
  const { outcome, attempts } = trying(Array(50).fill(away), { stop: stop.signal });
  const reason = new Error('stopped');
  stop.abort(reason);
  await expect(outcome).rejects.toBe(reason);
  expect(attempts()).toBe(1);
});
