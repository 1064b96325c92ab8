import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { synchronise } from '../hosts/synchronise.ts';
import type { Plan } from '../plan/plan.ts';
import { journalLine, readJournal } from './journal.ts';
import { type RunRecord, runRecord } from './run-record.ts';

/** Where runs of a host are kept: a folder each, with `plan.json`, `inputs.json` and `journal.ndjson`. */
export const RUNS_DIRECTORY = '/var/lib/metalk8s/runs';

/** Where the logs of runs are kept, unless the user names another file. */
export const LOGS_DIRECTORY = '/var/log/metalk8s';

/** How many finished runs stay, with their logs. Each has a plan of about a megabyte. */
export const FINISHED_RUNS_KEPT = 10;

/** Absolute. */
export interface RunPlaces {
  readonly runs: string;
  readonly logs: string;
}

export interface RunToBegin {
  readonly id: string;
  readonly plan: Plan;
  readonly inputs: unknown;
  readonly now: Date;
}

/** The id of a run that comes after `last`: that of `last` itself when it is of the same command and did not come to its end. */
export function nextRunId(last: RunRecord | undefined, command: string, now: Date): string {
  if (last?.command === command && last.state === 'unfinished') return last.id;
  const number = last === undefined ? 1 : numberOf(last.id) + 1;
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
  return `${String(number).padStart(4, '0')}-${command}-${time}`;
}

export function journalPath(runs: string, id: string): string {
  return join(runs, id, 'journal.ndjson');
}

export function logPath(logs: string, id: string): string {
  return join(logs, `${id}.log`);
}

export function planPath(runs: string, id: string): string {
  return join(runs, id, 'plan.json');
}

/** All runs that can be read, oldest first. What a killed writer left of a run that had not begun is none. */
export async function listRuns(runs: string): Promise<readonly RunRecord[]> {
  const records = await Promise.all((await runIds(runs)).map((id) => readRun(runs, id)));
  return records.filter((record) => record !== undefined);
}

/** The newest run; undefined when there was none. */
export async function lastRun(runs: string): Promise<RunRecord | undefined> {
  for (const id of (await runIds(runs)).toReversed()) {
    const record = await readRun(runs, id);
    if (record !== undefined) return record;
  }
  return undefined;
}

/** Whether a run of this id was begun, with this plan. Throws a RangeError when it was begun with another. */
export async function isBegun(runs: string, { id, plan }: Pick<RunToBegin, 'id' | 'plan'>): Promise<boolean> {
  const record = (await runIds(runs)).includes(id) ? await readRun(runs, id) : undefined;
  if (record === undefined) return false;
  if (record.planDigest !== plan.digest) throw new RangeError(`run ${id} was begun with another plan`);
  return true;
}

/** Makes the folder of a run, at once and durably, and clears away what is no longer kept. */
export async function beginRun({ runs, logs }: RunPlaces, { id, plan, inputs, now }: RunToBegin): Promise<void> {
  const { command, version, digest: planDigest } = plan;
  const begun = journalLine({ time: now.toISOString(), what: 'run-begun', command, version, planDigest });
  const files = { 'plan.json': jsonText(plan), 'inputs.json': jsonText(inputs), 'journal.ndjson': begun };
  const folder = join(runs, id);
  const preparing = join(runs, `.${id}.new`);
  try {
    await mkdir(runs, { recursive: true, mode: 0o700 });
    await clearAway({ runs, logs });
    // What is there under the final name has no beginning that could be read.
    await rm(folder, { recursive: true, force: true });
    await mkdir(preparing, { mode: 0o700 });
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(preparing, name), text, { mode: 0o600, flag: 'wx', flush: true });
    }
    await synchronise(preparing);
    await rename(preparing, folder);
    await synchronise(runs);
  } catch (cause) {
    // On a full disk every byte counts; otherwise the next run clears it away.
    await rm(preparing, { recursive: true, force: true }).catch(() => {});
    throw new MetalK8sError('STEP_FAILED', 'the plan of the run cannot be kept', {
      where: folder,
      hint: 'See to it that there is room on its file system, and run the same command again.',
      cause,
    });
  }
}

async function clearAway({ runs, logs }: RunPlaces): Promise<void> {
  const finished = (await listRuns(runs)).filter(({ state }) => state === 'finished').map(({ id }) => id);
  // One more is about to begin.
  for (const id of finished.slice(0, -(FINISHED_RUNS_KEPT - 1))) {
    // Its log first: nobody would know of one whose run is gone.
    await removeLog(logs, id);
    // At once: whoever is killed amid the removal would leave half of a run that nobody lists.
    await rename(join(runs, id), join(runs, `.${id}.old`));
  }
  for (const name of (await readdir(runs)).filter((each) => /^\..+\.(?:new|old)$/.test(each)))
    await rm(join(runs, name), { recursive: true, force: true });
}

/** With what was rotated away from it. */
async function removeLog(logs: string, id: string): Promise<void> {
  const log = basename(logPath(logs, id));
  const names = await readdir(logs).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const isIts = (name: string) => name.startsWith(log) && /^(?:\.\d+|\.lock)?$/.test(name.slice(log.length));
  for (const name of names.filter(isIts)) await rm(join(logs, name), { force: true });
}

/** Oldest first. */
async function runIds(runs: string): Promise<readonly string[]> {
  const names = await readdir(runs).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw unreadable(runs, error);
  });
  return names
    .filter((name) => Number.isFinite(numberOf(name)))
    .sort((left, right) => numberOf(left) - numberOf(right) || (left < right ? -1 : 1));
}

function numberOf(id: string): number {
  return Number(/^(\d{4,15})-/.exec(id)?.[1] ?? Number.NaN);
}

async function readRun(runs: string, id: string): Promise<RunRecord | undefined> {
  try {
    const entries = await readJournal(journalPath(runs, id));
    return runRecord(id, entries, readJson(await readFile(join(runs, id, 'inputs.json'), 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(join(runs, id), error);
  }
}

/** Inputs that cannot be read are as good as none. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}

function unreadable(where: string, cause: unknown): MetalK8sError {
  return new MetalK8sError('STEP_FAILED', 'what earlier runs left cannot be read', {
    where,
    hint: 'Start the command as root, and see to it that the file system can be read.',
    cause,
  });
}
