import type { DocumentType } from '../documents/document-type.ts';
import { fillDefaults } from '../documents/fill-defaults.ts';
import { askRules } from '../documents/rule.ts';
import { formats } from './formats/formats.ts';
import { recognise } from './recognise.ts';
import type { MirrorsFile, ReleaseList, ReleaseLock } from './release.types.ts';
import { componentRules } from './rules/components.ts';
import { kubernetesRules } from './rules/kubernetes.ts';
import { lockRules } from './rules/lock.ts';
import { mirrorRules } from './rules/mirrors.ts';
import { platformRules } from './rules/platforms.ts';
import type { AskedList } from './rules/release-rule.ts';
import { lockSchema } from './schema/lock.ts';
import { mirrorsSchema } from './schema/mirrors.ts';
import { releaseSchema } from './schema/release.ts';

const common = { code: 'RELEASE_INVALID', formats } as const;

const releaseRules = [...kubernetesRules, ...platformRules, ...componentRules];

/** `kind: Release`. */
export const releaseDocument: DocumentType = {
  ...common,
  name: 'release list',
  schema: releaseSchema,
  // That of the product has about 8 KiB and 500 values.
  limits: { characters: 128 * 1024, values: 20_000 },
  hints: {
    empty: 'start from iso/release.yaml of metalk8s',
    tooLarge: 'Is it the right file? The list of the product has about 8 KiB.',
    missing: () => 'Name the file with --release, or leave that out for the list of this version.',
    unreadable: 'Name a file that this user may read with --release.',
    invalid: 'Mend the lines named above; docs/release-list.md says what may stand there.',
  },
  recognise: (value) => recognise(value, 'Release'),
  judge: (value, bad, places) =>
    askRules(releaseRules, (given) => fillDefaults(releaseSchema, given) as AskedList, { value, bad, places }),
};

/** `kind: ReleaseLock`. */
export const lockDocument: DocumentType = {
  ...common,
  name: 'lock',
  schema: lockSchema,
  // A thousand packages make about 300 KiB and 10,000 values.
  limits: { characters: 2 * 1024 * 1024, values: 200_000 },
  hints: {
    empty: '`metalk8s build-iso --update-lock` writes one',
    tooLarge: 'Is it the right file? `metalk8s build-iso --update-lock` writes a lock.',
    missing: () => 'Write it with `metalk8s build-iso --update-lock`.',
    unreadable: 'Let this user read the file.',
    invalid: 'Write it anew with `metalk8s build-iso --update-lock`, and look at what changed.',
  },
  recognise: (value) => recognise(value, 'ReleaseLock'),
  judge: (value, bad, places) =>
    askRules(lockRules, (given) => fillDefaults(lockSchema, given) as Partial<ReleaseLock>, { value, bad, places }),
};

/** `kind: Mirrors`. */
export const mirrorsDocument: DocumentType = {
  ...common,
  name: 'file of mirrors',
  schema: mirrorsSchema,
  limits: { characters: 128 * 1024, values: 20_000 },
  hints: {
    empty: 'leave --mirrors out where everything comes from upstream',
    tooLarge: 'Is it the right file? One with a mirror for everything has a few KiB.',
    missing: () => 'Name the file with --mirrors.',
    unreadable: 'Name a file that this user may read with --mirrors.',
    invalid: 'Mend the lines named above; docs/release-list.md says what may stand there.',
  },
  recognise: (value) => recognise(value, 'Mirrors'),
  judge: (value, bad, places) =>
    askRules(mirrorRules, (given) => fillDefaults(mirrorsSchema, given) as Partial<MirrorsFile>, {
      value,
      bad,
      places,
    }),
};

/** A valid list with its defaults. */
export function effectiveList(value: unknown): ReleaseList {
  return fillDefaults(releaseSchema, value) as ReleaseList;
}

/** Valid mirrors with their defaults. */
export function effectiveMirrors(value: unknown): MirrorsFile {
  return fillDefaults(mirrorsSchema, value) as MirrorsFile;
}
