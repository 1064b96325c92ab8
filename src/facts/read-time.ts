import type { ClockFacts } from './observed-host.ts';

/** Reads what `timedatectl show` printed. */
export function readTime(text: string | null): Pick<ClockFacts, 'synchronised' | 'timeZone'> {
  const value = (name: string) => new RegExp(`^${name}=(.+)$`, 'm').exec(text ?? '')?.[1];
  const synchronised = value('NTPSynchronized');
  return {
    synchronised: synchronised === undefined ? null : synchronised === 'yes',
    timeZone: value('Timezone') ?? null,
  };
}
