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
  /** A run of ours was begun or ended on the host: what is there may be our own. */
  readonly ours: boolean;
}

/** What stops a run, or is only told. */
type Severity = 'error' | 'warning';

export interface Check {
  /** In kebab-case, never to be changed: people name it to ignore it. */
  readonly name: string;
  /** What is looked at, for the documentation. */
  readonly title: string;
  /** What would go wrong. */
  readonly why: string;
  /** What the owner of the host can do, for whatever is found. */
  readonly mend: string;
  /** Of its findings, unless one says otherwise. A warning stops nothing. */
  readonly severity: Severity;
  /** Not looked at where a run of ours was begun: what it finds may be our own. */
  readonly onlyFresh?: true;
  /** Why nobody may ignore it: going on would destroy something. */
  readonly cannotBeIgnored?: string;
  /** All that is wrong; nothing when all is well. */
  inspect(subject: PreflightSubject): readonly CheckResult[];
}

export interface CheckResult {
  /** What was found, with names and numbers. */
  readonly found: string;
  readonly severity?: Severity;
  /** More to the point than what the check says for all its findings. */
  readonly mend?: string;
}

/** One line of a report. */
export interface Finding {
  readonly check: string;
  readonly host: string;
  readonly severity: Severity;
  readonly found: string;
  readonly why: string;
  readonly mend: string;
  /** An error that the user said is none. */
  readonly ignored: boolean;
  /** Null: it may be ignored. */
  readonly cannotBeIgnored: string | null;
}
