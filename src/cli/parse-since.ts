import { MetalK8sError } from '../errors/metalk8s-error.ts';

const SECONDS = { m: 60, h: 3600, d: 86_400 } as const;

const DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?Z?$/;

/** Reads a time: so many minutes, hours or days ago (`90m`, `24h`, `3d`), or a date of UTC. Throws a `USAGE` for anything else. */
export function parseSince(text: string, now: Date): Date {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const since =
    count === undefined ? dateOf(text) : now.getTime() - Number(count) * SECONDS[unit as keyof typeof SECONDS] * 1000;
  if (!Number.isNaN(since) && since <= now.getTime() && since >= 0) return new Date(since);
  throw new MetalK8sError('USAGE', `${JSON.stringify(text)} is no time in the past`, {
    where: '--since',
    hint: 'Give minutes, hours or days, as in 90m, 24h or 3d, or a date and time of UTC, as in 2026-01-31 or 2026-01-31T14:30.',
  });
}

function dateOf(text: string): number {
  if (!DATE.test(text)) return Number.NaN;
  const [day = '', time = '00:00'] = text.replace('Z', '').split(/[T ]/);
  return Date.parse(`${day}T${time}Z`);
}
