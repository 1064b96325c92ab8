import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { StepReport } from '../../events/step-report.ts';
import type { Filling, Watch } from './origin.ts';

/** Tells how many of the bytes to fetch have come, by looking at the files that they come into. */
export interface TransferMeter {
  readonly watch: Watch;
  /** So many bytes are in the store for good. */
  settle(bytes: number): void;
  close(): void;
}

const LOOK_EVERY_MS = 500;

/** Manifests and the layout's own files, which lie beside the blobs. */
const SLACK = 16 * 1024 * 1024;

interface Watching extends Filling {
  readonly excess: AbortController;
  live: number;
}

export function transferMeter(total: number, report: StepReport): TransferMeter {
  const watching = new Set<Watching>();
  let settled = 0;
  let looking = false;

  async function look(): Promise<void> {
    if (looking) return;
    looking = true;
    for (const each of watching) {
      each.live = await newBytes(each.directory);
      if (each.live > each.expected + SLACK) each.excess.abort(tooMuch(each));
    }
    looking = false;
    tell();
  }

  function tell(): void {
    const live = [...watching].reduce((sum, each) => sum + each.live, 0);
    report.progress(Math.min(settled + live, total), total, 'bytes');
  }

  tell();
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  return {
    watch(filling, stop) {
      const each = { ...filling, excess: new AbortController(), live: 0 };
      watching.add(each);
      return { stop: AbortSignal.any([stop, each.excess.signal]), end: () => watching.delete(each) };
    },
    settle(bytes) {
      settled += bytes;
      tell();
    },
    close: () => clearInterval(timer),
  };
}

/** Bytes of the files below a directory, without those that have a second name: they were there before. */
async function newBytes(directory: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (!entry.isFile()) continue;
    const found = await lstat(join(entry.parentPath, entry.name)).catch(() => undefined);
    if (found?.nlink === 1) bytes += found.size;
  }
  return bytes;
}

function tooMuch({ expected, where }: Filling): MetalK8sError {
  return new MetalK8sError(
    'VERIFICATION_FAILED',
    `The registry sends more than the ${expected} bytes that it announced`,
    {
      where,
      hint: 'Take the image out of the release, or have whoever publishes it mend it.',
    },
  );
}
