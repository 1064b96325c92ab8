import { unescapeOctal } from '../kernel/unescape-octal.ts';
import type { SystemFacts } from './observed-host.ts';

/** Reads /proc/swaps: what the host swaps to. */
export function readSwaps(text: string): SystemFacts['swaps'] {
  return text.split('\n').flatMap((line) => {
    const [, path, kib] = /^(\S+)\s+\S+\s+(\d{1,15})\s/.exec(line) ?? [];
    return path === undefined ? [] : [{ path: unescapeOctal(path), bytes: Number(kib) * 1024 }];
  });
}
