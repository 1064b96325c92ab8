import type { StoredSource } from '../../disc/disc-file.ts';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';

/** What the content of a file must be. */
export interface Pin {
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  /** Bytes, where known. */
  readonly size?: number;
  /** Who says so, for messages: `the lock`. */
  readonly by: string;
}

/** Throws a `VERIFICATION_FAILED` that names what was expected and what was found, unless content is as pinned. */
export function expectPinned(
  pin: Pin | undefined,
  { sha256, size }: Pick<StoredSource, 'sha256' | 'size'>,
  where: string,
): void {
  if (pin === undefined || (pin.sha256 === sha256 && (pin.size ?? size) === size)) return;
  const expected = pin.size === undefined ? pin.sha256 : `${pin.sha256} (${pin.size} bytes)`;
  throw new MetalK8sError(
    'VERIFICATION_FAILED',
    `A file is not what ${pin.by} pins: expected sha256 ${expected}, found ${sha256} (${size} bytes)`,
    {
      where,
      hint: 'Find out why it changed. When the change is wanted, pin the new checksum, in the release list or by --update-lock.',
    },
  );
}
