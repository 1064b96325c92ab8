import type { Readable } from 'node:stream';

/** What machine a host is: `el9-double` stands in for Enterprise Linux 9, `debian12` is a plain Debian 12. */
export type HostKind = 'el9-double' | 'debian12';

/** A file or folder of the machine that a host sees read-only, like a disc that was put in. Paths are absolute. */
export interface Bind {
  readonly source: string;
  readonly target: string;
}

/** A person's account on a host; the network's key opens it. */
export interface User {
  readonly name: string;
  /** `free`: sudo without a password; `password`: sudo asks for `password`; `none`: no sudo. */
  readonly sudo: 'free' | 'password' | 'none';
  readonly password?: string;
}

/** What a new host is to be. */
export interface HostOptions {
  /** Host name: lower-case letters, digits and hyphens; unique in its network. */
  readonly name: string;
  readonly kind: HostKind;
  /** Size of the root disk in GiB, 12 when not given. It takes only as much of the machine's disk as is written to it. */
  readonly diskGiB?: number;
  /** Limit of the memory of all processes of the host, in MiB; none when not given. `free` still shows the machine's memory. */
  readonly memoryMiB?: number;
  readonly binds?: readonly Bind[];
  readonly users?: readonly User[];
}

/** A program with its arguments, or a bash script (run with `set -euo pipefail`). */
export type Command = readonly [string, ...string[]] | { readonly script: string };

export interface RunOptions {
  /** Standard input; empty when not given. */
  readonly input?: string | Buffer | Readable;
  /** Ends the command after this many milliseconds with an error; 10 minutes when not given. */
  readonly timeoutMs?: number;
  /** With `false`, an exit code other than 0 is a result, not an error. */
  readonly check?: boolean;
}

/** How a command ended; `exitCode` is 255 when a signal ended it. */
export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Something made to go wrong. `undo` sets it right again; calling it twice does no harm. */
export interface Fault {
  undo(): Promise<void>;
}

/** What an SSH client needs to log in to a host. */
export interface Login {
  readonly host: string;
  readonly address: string;
  readonly port: 22;
  readonly user: string;
  /** Private key in OpenSSH's format, and the file that holds it. */
  readonly privateKey: string;
  readonly privateKeyFile: string;
  /** The host's public key, `ssh-ed25519 BASE64`, known before its first boot; and the known_hosts file that holds it. */
  readonly hostKey: string;
  readonly knownHostsFile: string;
}
