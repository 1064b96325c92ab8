import type { StepReport } from '../../events/step-report.ts';
import type { FileSource } from '../../release/sources.ts';
import type { FileCache } from './file-cache.ts';
import type { HttpClient } from './http-client.ts';
import type { Pin } from './pin.ts';

/** One file that is wanted. */
export interface WantedFile {
  /** In the release list. */
  readonly url: string;
  readonly source: FileSource;
  readonly pin: Pin | undefined;
}

export interface Means {
  readonly cache: FileCache;
  readonly client: HttpClient;
  readonly stop: AbortSignal;
  readonly report: StepReport;
  /** Takes how many bytes of this file are there. */
  readonly told: (bytes: number) => void;
  /** Is told when content came that the cache had not. */
  readonly brought?: () => void;
}

/** Upstream files are manifests and programs. What is larger is not what was meant, and would fill the disk of the build station. */
export const LARGEST_FILE = 2 * 1024 ** 3;
