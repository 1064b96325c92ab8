import type { Check } from '../check.ts';

/** What k0sctl allows between hosts. */
const MOST_SKEW_MS = 30_000;

const clockSynchronised: Check = {
  name: 'clock-synchronised',
  title: 'whether something keeps the clock right',
  why: 'clocks of hosts drift apart: certificates and tokens are then refused, and logs cannot be read side by side',
  mend: 'Have chronyd follow a time server of the site: `systemctl enable --now chronyd`, then `chronyc tracking`.',
  severity: 'warning',
  inspect({ host: { clock } }) {
    if (clock.synchronised) return [];
    return [
      { found: clock.synchronised === null ? 'nothing on the host keeps its clock' : 'the clock is not synchronised' },
    ];
  },
};

const clockSkew: Check = {
  name: 'clock-skew',
  title: 'the clock, compared with that of the machine that metalk8s runs on',
  why: 'certificates that are made by one clock are not valid yet by the other: the host cannot join',
  mend: 'Set the clock, and have both machines follow the same time server.',
  severity: 'error',
  inspect({ host: { clock } }) {
    const skew = clock.epochMs - clock.askedMs;
    if (Math.abs(skew) <= MOST_SKEW_MS) return [];
    const seconds = Math.round(Math.abs(skew) / 1000);
    return [{ found: `the clock is ${seconds} s ${skew > 0 ? 'fast' : 'slow'}` }];
  },
};

const clockArchive: Check = {
  name: 'clock-archive',
  title: 'the clock, compared with the date of the archive',
  why: 'an archive cannot be of the future: what is signed and issued by this clock will not be valid anywhere else',
  mend: 'Set the clock: `timedatectl set-time`, or have chronyd follow a time server.',
  severity: 'error',
  inspect({ host: { clock }, archive }) {
    if (archive === undefined || clock.epochMs >= Date.parse(archive.date)) return [];
    const now = new Date(clock.epochMs).toISOString();
    return [{ found: `the clock says ${now.slice(0, 10)}, and the archive is of ${archive.date.slice(0, 10)}` }];
  },
};

export const timeChecks = [clockSynchronised, clockSkew, clockArchive] as const;
