import { shown } from '../registry/rules.ts';

/** One thing that is not as it was signed. */
export interface Fault {
  /** Below the root of the archive; empty for the archive as a whole. */
  readonly path: string;
  /** `missing`, `changed: …`, `not on the list`. */
  readonly what: string;
}

/** For people, whatever the path holds. */
export function faultText({ path, what }: Fault): string {
  if (path === '') return what;
  return `${/^[!-~]+$/.test(path) ? path : shown(path)}: ${what}`;
}
