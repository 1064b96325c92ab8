/** What every part of a build is given. */
export interface BuildContext {
  /** Absolute path of the cache; everything in it can be made again. */
  readonly cache: string;
  /** How many things are fetched or worked on at once. */
  readonly concurrency: number;
  /** Seconds since 1970: the one date that stands on the disc. */
  readonly epoch: number;
  /** Aborted: begin nothing new, throw its reason. */
  readonly stop: AbortSignal;
  /** Environment of the tools that are run. */
  readonly env: Readonly<Record<string, string | undefined>>;
}
