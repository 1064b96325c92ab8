import type { EffectiveConfiguration } from '../config/configuration.types.ts';
import type { ObservedHost } from '../facts/observed-host.ts';
import type { NodeRole } from '../kubernetes/node-role.ts';
import type { ArchiveDescription } from '../release/archive-description.ts';

/** What a host is judged for. */
export interface PreflightSubject {
  readonly host: ObservedHost;
  /** Roles that it is to have. */
  readonly roles: readonly NodeRole[];
  readonly configuration: EffectiveConfiguration;
  /** The archive that is installed from; undefined: judged without one, so nothing is said about packages and room. */
  readonly archive: ArchiveDescription | undefined;
  /** Bytes that will be written, and below which path. */
  readonly room: readonly { readonly path: string; readonly bytes: number }[];
  /** Of whoever judges, milliseconds since 1970, when the host told its clock. */
  readonly nowMs: number;
  /** A run of ours was begun or ended on the host: what is there may be our own. */
  readonly ours: boolean;
}

export interface Check {
  /** In kebab-case, never to be changed: people name it to ignore it. */
  readonly name: string;
  /** What is looked at, for the documentation. */
  readonly title: string;
  /** Not looked at where a run of ours was begun: what it finds may be our own. */
  readonly onlyFresh?: true;
  /** All that is wrong; nothing when all is well. */
  inspect(subject: PreflightSubject): readonly CheckResult[];
}

export interface CheckResult {
  /** A warning stops nothing. */
  readonly severity: 'error' | 'warning';
  /** What was found, with names and numbers. */
  readonly found: string;
  /** What would go wrong. */
  readonly why: string;
  /** What its owner can do. */
  readonly mend: string;
}

/** One line of a report. */
export interface Finding extends CheckResult {
  readonly check: string;
  readonly host: string;
  /** The user said that it only warns. */
  readonly ignored: boolean;
}
