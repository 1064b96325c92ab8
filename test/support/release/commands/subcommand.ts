import type { Report } from '../../cache.ts';

/** One thing people can ask of the test release: data goes to stdout, progress to `report`. */
export interface Subcommand {
  readonly usage: string;
  readonly purpose: string;
  run(args: readonly string[], report: Report): Promise<void>;
}
