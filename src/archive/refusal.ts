import { type Fault, faultText } from '../disc/fault.ts';
import { type ErrorDetails, MetalK8sError } from '../errors/metalk8s-error.ts';

const MOST_SHOWN = 20;

/** An archive that is not what it should be, with everything that was found. */
export class ArchiveRefused extends MetalK8sError {
  readonly faults: readonly Fault[];

  constructor(message: string, faults: readonly Fault[], details: ErrorDetails) {
    const shown = faults.slice(0, MOST_SHOWN).map(faultText);
    const rest = faults.length - shown.length;
    super('VERIFICATION_FAILED', [message, ...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n'), details);
    this.faults = faults;
  }
}

/** A file that cannot be had, and why. */
export function unreadable(where: string, path: string, what: string, cause?: unknown): ArchiveRefused {
  return new ArchiveRefused('The archive cannot be read:', [{ path, what }], {
    where,
    hint: 'Copy the archive again from where it is intact, or try another medium or drive.',
    ...(cause === undefined ? {} : { cause }),
  });
}
