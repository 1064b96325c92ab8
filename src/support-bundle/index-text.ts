import { printable } from '../errors/printable.ts';
import type { BundleEntry } from './bundle-entry.ts';

export interface BundleIndex {
  readonly host: string;
  readonly version: string;
  /** ISO 8601. */
  readonly date: string;
  readonly since: string;
  readonly entries: readonly BundleEntry[];
}

/** The index of a bundle for people: what it has, and what is missing and why. */
export function indexText({ host, version, date, since, entries }: BundleIndex): string {
  const whole = entries.filter(({ path, state }) => path !== null && state === 'taken');
  const rest = entries.filter((entry) => !whole.includes(entry));
  const lines = [
    `Support bundle of ${host}, made by metalk8s ${version} at ${date}. Journals and logs since ${since}.`,
    '',
    'Keys, tokens and passwords are not in it as far as they can be known: [secret] stands where one was. Names of hosts, addresses and',
    'names of pods are in it. Look it through before you hand it on.',
    '',
    `${rest.length} that are not whole, or not there:`,
    ...rest.map(
      ({ source, path, state, reason }) => `  ${state}: ${source}${path === null ? '' : ` (${path})`}: ${reason ?? ''}`,
    ),
    '',
    `${whole.length} that are whole:`,
    ...whole.map(({ source, path, bytes }) => `  ${path} (${bytes} bytes): ${source}`),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}
