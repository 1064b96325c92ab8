import { compareEntries, renderDifference } from './compare.ts';
import { countEntries } from './count-entries.ts';
import type { Entries } from './entries.ts';
import { GOLDEN, readGolden } from './golden-files.ts';

interface Made {
  readonly minor: string;
  readonly configuration: string;
  readonly entries: Entries;
  /** Folder of the golden data to compare with; the committed one by default. */
  readonly root?: string;
}

export interface Verdict {
  /** One line: `1.36 single: 40 files, 15 certificates, 30 objects equal`, or how many differences there are. */
  readonly summary: string;
  /** One line for each difference, which names version, configuration, file and field. */
  readonly differences: readonly string[];
}

/** Compares what was made with golden data. Throws when there is no golden data of that name. */
export async function checkGolden({ minor, configuration, entries, root = GOLDEN }: Made): Promise<Verdict> {
  const golden = await readGolden({ root, minor, configuration });
  const found = compareEntries(golden, entries).map(
    (difference) => `${minor} ${configuration} ${renderDifference(difference)}`,
  );
  const verdict = found.length === 0 ? 'equal' : `compared, ${found.length} differences`;
  return { summary: `${minor} ${configuration}: ${countEntries(entries)} ${verdict}`, differences: found };
}
