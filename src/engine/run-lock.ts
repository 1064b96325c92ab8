import { spawn } from 'node:child_process';
import { type FileHandle, mkdir, open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { processStart } from '../hosts/process-start.ts';
import { PROGRAM_PATH, programEnvironment } from '../hosts/program-environment.ts';
import { RUNTIME_DIRECTORY } from '../plan/reset-paths.ts';

/** The lock of a host: one run that changes it at a time. */
export const RUN_LOCK = `${RUNTIME_DIRECTORY}/lock`;

/** Who holds a lock, for whoever finds it held. */
export interface LockOwner {
  readonly pid: number;
  /** `metalk8s bootstrap` */
  readonly command: string;
  /** ISO 8601 */
  readonly since: string;
  readonly runId?: string;
}

/** As it stands in the file: with the start of the process, see `processStart`. */
type NamedOwner = LockOwner & { readonly start: string | undefined };

export interface HeldLock {
  /** Says which run it is, once that is known. */
  nameRun(runId: string): Promise<void>;
}

/**
 * Does work while nobody else does work under the same lock. The lock (flock(2)) belongs to a file that this process has open, so that it ends
 * with the process, however that ends. Throws a `LOCKED` that names who holds it, when it is held.
 */
export async function withRunLock<Value>(
  path: string,
  owner: LockOwner,
  work: (lock: HeldLock) => Promise<Value>,
): Promise<Value> {
  const handle = await openLocked(path);
  try {
    const named = { ...owner, start: processStart(await readFile('/proc/self/stat', 'utf8')) };
    await writeOwner(handle, path, named);
    return await work({ nameRun: (runId) => writeOwner(handle, path, { ...named, runId }) });
  } finally {
    // Nobody is named by a file that nobody holds. Who is named in vain does no harm: the lock itself is free.
    await handle.truncate(0).catch(() => {});
    await handle.close();
  }
}

async function openLocked(path: string): Promise<FileHandle> {
  for (;;) {
    const handle = await openFile(path);
    try {
      await lock(handle, path);
      if (await isAt(handle, path)) return handle;
      // Whoever held it has removed the file: the next one may open another.
      await handle.close();
    } catch (error) {
      await handle.close();
      throw error;
    }
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o755 });
    // Node.js opens all files so that no other program inherits them.
    return await open(path, 'a+', 0o600);
  } catch (cause) {
    throw failure(path, cause);
  }
}

/**
 * The program locks the file that we have open, by the descriptor it inherits, and ends; the lock is the file's, and stays with us. Not by
 * execa, which hands on descriptors up to 9 only.
 */
async function lock(handle: FileHandle, path: string): Promise<void> {
  const words = ['--exclusive', '--nonblock', '--conflict-exit-code', String(CONFLICT), '0'];
  const ended = Promise.withResolvers<number | string | null>();
  // Where somebody removed the folder that we were started in, nothing could be started there.
  spawn('flock', words, { stdio: [handle.fd, 'ignore', 'ignore'], env: programEnvironment(), cwd: '/' })
    .on('error', ended.reject)
    .on('exit', (status, signal) => ended.resolve(status ?? signal));
  const status = await ended.promise.catch((cause) => {
    throw cause.code === 'ENOENT' ? noProgram(cause) : failure(path, cause);
  });
  if (status === CONFLICT) throw await locked(handle, path);
  if (status !== 0) throw failure(path, new Error(`flock ended with ${status}`));
}

const CONFLICT = 75;

async function isAt(handle: FileHandle, path: string): Promise<boolean> {
  const [ours, there] = await Promise.all([handle.stat(), stat(path).catch(() => undefined)]);
  return there?.ino === ours.ino && there.dev === ours.dev;
}

async function writeOwner(handle: FileHandle, path: string, owner: NamedOwner): Promise<void> {
  try {
    await handle.truncate(0);
    await handle.appendFile(`${JSON.stringify(owner)}\n`);
  } catch (cause) {
    throw new MetalK8sError('STEP_FAILED', 'who holds the lock of this host cannot be written down', {
      where: path,
      hint: 'See to it that there is room on its file system, then run again.',
      cause,
    });
  }
}

async function locked(handle: FileHandle, path: string): Promise<MetalK8sError> {
  const owner = ownerOf(await readAll(handle));
  const who = owner === undefined ? 'another run' : shownOwner(owner);
  return new MetalK8sError('LOCKED', `${who} is at work on this host`, {
    where: path,
    hint: 'Wait until it has ended, then run again. The lock ends with its process.',
  });
}

/** `metalk8s reset (process 77, since 2026-11-21T19:00:00Z)`, with its run once that is known. */
export function shownOwner({ command, pid, since, runId }: LockOwner): string {
  return `${command} (process ${pid}, since ${since}${runId === undefined ? '' : `, run ${runId}`})`;
}

async function readAll(handle: FileHandle): Promise<string> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
  return buffer.toString('utf8', 0, bytesRead);
}

/** Who a lock file names; undefined while it is being written, and once nobody holds it. Whoever was killed is named until the next run. */
export function ownerOf(text: string): NamedOwner | undefined {
  try {
    const { pid, command, since, runId, start } = JSON.parse(text);
    return {
      pid: Number(pid),
      command: String(command),
      since: String(since),
      ...(runId && { runId: String(runId) }),
      start: start === undefined ? undefined : String(start),
    };
  } catch {
    return undefined;
  }
}

/** As preflight says it, which this comes before. */
function noProgram(cause: unknown): MetalK8sError {
  return new MetalK8sError('PREFLIGHT_FAILED', 'there is no program flock, by which runs on this host are kept apart', {
    where: PROGRAM_PATH,
    hint: 'Install util-linux from the distribution, then run again.',
    cause,
  });
}

function failure(where: string, cause: unknown): MetalK8sError {
  return new MetalK8sError('STEP_FAILED', 'the lock that keeps runs apart cannot be taken', {
    where,
    hint: 'Start the command as root, on a host that has the program flock (package util-linux).',
    cause,
  });
}
