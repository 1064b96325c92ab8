import { posix } from 'node:path';
import { sha256Of } from '../../disc/sha256-of.ts';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { PlannedFile } from '../../plan/planned-file.ts';
import { FILES_BEFORE, type FilePossession } from '../../plan/possession.ts';
import { clusterPatterns, clusterTrees, ownPatterns, ownTrees } from '../../plan/reset-paths.ts';
import { fitsAny, isWithin } from '../../plan/what-is-ours.ts';
import type { StepContext } from '../step-handler.ts';
import { isAsBefore, isEmptied, type PresentFile, presentFile } from './former-file.ts';
import { notePaths } from './note-paths.ts';
import { isOfNewPackage } from './packages-before.ts';

type Noting = Pick<StepContext, 'host' | 'possessions'>;

/**
 * Brings what is noted of files up to date: what their owner has there, with a copy, for as long as ours has not been seen there; and that ours
 * has been. So it is called at the beginning of a run, since packages bring files of the same names, right before files are placed, and right
 * after. A kill between any two of them loses nothing: a copy is whole before it is noted, and stays until another one is. Folders above are
 * noted as well. What lies where everything goes with the cluster is not: nobody else has anything there. `keepsUp` is false where a
 * transaction of packages may be under way, whose files rpm does not know yet: then what is noted of the owner's already stays as it is. Throws
 * a `STEP_FAILED` for a file that is no text.
 */
export async function noteFiles(
  files: readonly Pick<PlannedFile, 'path' | 'sha256'>[],
  context: Noting,
  { keepsUp = true }: { readonly keepsUp?: boolean } = {},
): Promise<void> {
  const { possessions } = context;
  await notePaths(
    files.map(({ path }) => posix.dirname(path)),
    context,
  );
  const known = new Map(possessions.list().flatMap((each) => (each.what === 'file' ? [[each.path, each]] : [])));
  const made = possessions.list().flatMap((each) => (each.what === 'path' ? [each.path] : []));
  const changed = new Map<string, FilePossession>();
  for (const { path, sha256 } of files) {
    if (isWithin(path, [...clusterTrees, ...ownTrees])) continue;
    const former = changed.get(path) ?? known.get(path);
    // Nothing is its owner's in a folder that was not there before, nor under a name of ours.
    const isNobodys = isWithin(path, made) || fitsAny(path, [...ownPatterns, ...clusterPatterns]);
    const isFixed = isNobodys || (former !== undefined && !keepsUp);
    const entry = await updated({ path, sha256, former, isNobodys, isFixed }, context);
    if (entry !== former) changed.set(path, entry);
  }
  if (changed.size > 0) await possessions.add([...changed.values()]);
}

interface Noted {
  readonly path: string;
  readonly sha256: string;
  readonly former: FilePossession | undefined;
  readonly isNobodys: boolean;
  /** What was before is not looked for any more. */
  readonly isFixed: boolean;
}

async function updated(noted: Noted, context: Noting): Promise<FilePossession> {
  const { path, sha256, former, isNobodys, isFixed } = noted;
  if (former?.placed) return former.ours === sha256 ? former : { ...former, ours: sha256 };
  const present = await presentFile(context.host, path);
  if (former === undefined) {
    const before = isNobodys ? null : await kept(path, present, null, context);
    return { what: 'file', path, before, ours: sha256, placed: false };
  }
  const isUntouched = await isAsBefore(present, former.before, context.host);
  const isOurs = present?.type === 'file' && (present.sha256 === former.ours || present.sha256 === sha256);
  if (isOurs && !isUntouched) return { ...former, ours: sha256, placed: true };
  // A file that its owner has removed meanwhile is put back later: rather that than none.
  const isOfOwner = present !== undefined && !isUntouched && !isFixed && !isEmptied(present, former.before);
  if (isOfOwner && !(present.type === 'file' && (await isOfNewPackage({ path, ...present }, context)))) {
    const before = await kept(path, present, former.before, context);
    return { ...former, before, ours: sha256 };
  }
  return former.ours === sha256 ? former : { ...former, ours: sha256 };
}

/** What is noted of a file that is there, once there is a copy of it. */
async function kept(
  path: string,
  present: PresentFile | undefined,
  former: FilePossession['before'],
  { host }: Noting,
): Promise<FilePossession['before']> {
  if (present === undefined || present.type === 'other') return former;
  if (present.type === 'link') return present;
  const { sha256, ...file } = present;
  const content = (await host.files.read(path)) ?? '';
  if (sha256Of(content) !== sha256) throw noText(path);
  const first = posix.join(FILES_BEFORE, path);
  // The one that is noted stays whole until this one is.
  const copy = former?.type === 'file' && former.copy === first ? `${first}~` : first;
  // It may hold the password of a registry.
  await host.files.writeAtomic([{ path: copy, content, mode: 0o600, uid: 0, gid: 0 }]);
  return { ...file, copy };
}

function noText(where: string): MetalK8sError {
  return new MetalK8sError(
    'STEP_FAILED',
    'A file that has to be replaced is no text in UTF-8, so no faithful copy can be kept',
    {
      where,
      hint: 'Move it elsewhere, if anybody needs it, or remove it. Then run again.',
    },
  );
}
