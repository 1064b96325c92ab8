/** What protects a file. */
export interface FileProtection {
  /** Permission bits alone, such as 0o600. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface FileToWrite extends FileProtection {
  /** Absolute. Missing directories above it are made, with mode 0755 as kubeadm makes them. */
  readonly path: string;
  readonly content: string;
}

/** Files of one host: of this one, or of another over SSH. */
export interface FileStore {
  /** Text of a file; undefined when there is none. */
  read(path: string): Promise<string | undefined>;
  /** Undefined when there is no such file. */
  stat(path: string): Promise<FileProtection | undefined>;
  /**
   * Puts files in place, each whole or not at all, in the order given. All are prepared first, so that next to no time lies between
   * the first and the last. At no moment can anyone read a file who may not read it in the end. What a killed run prepared of the same
   * files is replaced. The caller has seen to it that nobody else writes them.
   */
  writeAtomic(files: readonly FileToWrite[]): Promise<void>;
}
