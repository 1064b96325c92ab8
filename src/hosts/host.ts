import type { FileStore } from './file-store.ts';

/**
 * A machine that is worked on: this one, or another over SSH. It has no policy: it does what it is asked, or throws a MetalK8sError that
 * names host, command or file, and cause.
 */
export interface Host {
  /** As plans name it. */
  readonly name: string;
  readonly files: HostFiles;
  /**
   * Runs a program, by its name or absolute path, with no shell in between. Both outputs are kept whole, as UTF-8 with U+FFFD for what is
   * none. Throws a `STEP_FAILED` when it cannot be started, or was ended because it wrote more than 64 Mi characters.
   */
  run(command: Command, options?: RunOptions): Promise<CommandResult>;
  close(): Promise<void>;
}

export type Command = readonly [program: string, ...args: string[]];

export interface RunOptions {
  /** Standard input; nothing when left out. The only way for a secret. */
  readonly input?: string;
  /** Added to the environment, which is otherwise no more than `PATH`, `HOME` and `LC_ALL=C.UTF-8`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Aborted: the program and what it started are ended, and the reason is thrown. */
  readonly stop?: AbortSignal;
  /** Given each line of both outputs as it comes; a very long one in parts. */
  readonly onLine?: (line: string, from: 'stdout' | 'stderr') => void;
}

export interface CommandResult {
  /** 128 and the signal's number for a program that a signal ended, as shells have it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What stands at a path, links not followed. */
export interface FileState {
  readonly type: 'file' | 'directory' | 'link' | 'other';
  /** Permission bits alone. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
}

/** Files of a host. Paths are absolute. */
export interface HostFiles extends FileStore {
  /** Undefined when nothing is there. */
  look(path: string): Promise<FileState | undefined>;
  /** 64 hexadecimal digits; undefined when there is no regular file. */
  sha256(path: string): Promise<string | undefined>;
  /** Names in a folder, sorted; undefined when there is no folder. */
  list(path: string): Promise<readonly string[] | undefined>;
  /** What a link leads to, as it says it; undefined when there is no link. */
  readLink(path: string): Promise<string | undefined>;
  /** Puts a link in place of whatever file or link is there, at once. */
  writeLink(link: { path: string; target: string; uid: number; gid: number }): Promise<void>;
  /** Makes a folder, and those above it, or mends its mode and owner. Gives whether anything changed. */
  ensureDirectory(directory: { path: string; mode: number; uid: number; gid: number }): Promise<boolean>;
  /** Removes a file, a link or a folder with all below it, staying on its file system. Gives whether anything was there. */
  remove(path: string): Promise<boolean>;
  /** Numbers of a user and a group by their names. Throws a `STEP_FAILED` that names the one that the host does not know. */
  owner(user: string, group: string): Promise<{ readonly uid: number; readonly gid: number }>;
}
