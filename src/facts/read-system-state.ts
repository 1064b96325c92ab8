import type { SystemFacts } from './observed-host.ts';

/** Reads what `systemctl --version` and then `systemctl is-system-running` printed; null: another init. */
export function readSystemState(text: string | null): Pick<SystemFacts, 'systemd' | 'systemState'> {
  const version = /^systemd (\d{1,4})\b/.exec(text ?? '')?.[1];
  const state = /^(initializing|starting|running|degraded|maintenance|stopping)$/m.exec(text ?? '')?.[1];
  return { systemd: version === undefined ? null : Number(version), systemState: state ?? null };
}
