import { type FileHandle, open, readFile } from 'node:fs/promises';
import { MetalK8sError } from '../errors/metalk8s-error.ts';

/** A line of a journal: intent before effect, outcome after it. Of failures the code alone, since words may hold anything. */
export type JournalEntry = { readonly time: string } & (
  | { readonly what: 'run-begun'; readonly command: string; readonly version: string; readonly planDigest: string }
  | { readonly what: 'step-begun'; readonly host: string; readonly step: string }
  | { readonly what: 'step-done'; readonly host: string; readonly step: string; readonly changed: boolean }
  | { readonly what: 'step-failed'; readonly host: string; readonly step: string; readonly code: string }
  | { readonly what: 'run-ended'; readonly outcome: RunOutcome }
);

export type RunOutcome = 'done' | 'failed' | 'interrupted';

/** Where a run was. It never proves that anything is done: that is seen on the host. */
export interface Journal {
  /** Durable when it returns. */
  write(entry: JournalEntry): Promise<void>;
  close(): Promise<void>;
}

/** Opens a journal that exists for more lines: NDJSON. Throws a `STEP_FAILED` that names it, as `write` does. */
export async function openJournal(path: string): Promise<Journal> {
  const handle = await open(path, 'a+', 0o600).catch((cause) => {
    throw unwritable(path, cause);
  });
  // A line that a killed run or a full disk has torn stays by itself.
  let torn = await endsTorn(handle).catch(async (cause) => {
    await handle.close();
    throw unwritable(path, cause);
  });
  return {
    async write(entry) {
      const text = `${torn ? '\n' : ''}${journalLine(entry)}`;
      try {
        torn = true;
        await handle.appendFile(text);
        torn = false;
        await handle.datasync();
      } catch (cause) {
        throw unwritable(path, cause);
      }
    },
    close: () => handle.close(),
  };
}

async function endsTorn(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== NEWLINE;
}

function unwritable(where: string, cause: unknown): MetalK8sError {
  return new MetalK8sError('STEP_FAILED', 'the journal cannot be written', {
    where,
    hint: 'See to it that there is room on its file system, and run the same command again.',
    cause,
  });
}

/** What can be read of a journal: lines that are torn, or that a later version has written, are left out. */
export async function readJournal(path: string): Promise<readonly JournalEntry[]> {
  const text = await readFile(path, 'utf8');
  return text.split('\n').flatMap((line) => entryOf(line) ?? []);
}

export function journalLine(entry: JournalEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

const NEWLINE = 0x0a;

const fields: Readonly<Record<JournalEntry['what'], Readonly<Record<string, 'string' | 'boolean'>>>> = {
  'run-begun': { command: 'string', version: 'string', planDigest: 'string' },
  'step-begun': { host: 'string', step: 'string' },
  'step-done': { host: 'string', step: 'string', changed: 'boolean' },
  'step-failed': { host: 'string', step: 'string', code: 'string' },
  'run-ended': { outcome: 'string' },
};

function entryOf(line: string): JournalEntry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isEntry(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is JournalEntry {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entry = value as Readonly<Record<string, unknown>>;
  const wanted = Object.hasOwn(fields, String(entry.what)) ? fields[entry.what as JournalEntry['what']] : undefined;
  if (wanted === undefined || typeof entry.time !== 'string') return false;
  return Object.entries(wanted).every(([name, type]) => typeof entry[name] === type);
}
