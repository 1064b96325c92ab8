import type { JournalEntry } from '../../../src/engine/journal.ts';
import { RUNS_DIRECTORY } from '../../../src/engine/run-folders.ts';
import type { TestHost } from '../hosts/host.ts';

/** The journal of the first run of a host. */
export async function runJournal(host: TestHost): Promise<readonly JournalEntry[]> {
  const { stdout } = await host.run({ script: `cat ${RUNS_DIRECTORY}/0001-*/journal.ndjson` });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line): JournalEntry => JSON.parse(line));
}
