import { sha256Of } from '../../disc/sha256-of.ts';
import type { Host } from '../../hosts/host.ts';
import type { FilePossession, FormerFile, FormerLink } from '../../plan/possession.ts';

/** What stands in a file's place now; `other` is a folder, a device or the like. */
export type PresentFile =
  | (Omit<FormerFile, 'copy'> & { readonly sha256: string })
  | FormerLink
  | { readonly type: 'other' };

/** Undefined when nothing is there. */
export async function presentFile({ files }: Pick<Host, 'files'>, path: string): Promise<PresentFile | undefined> {
  const found = await files.look(path);
  if (found === undefined) return undefined;
  const { type, mode, uid, gid } = found;
  const sha256 = type === 'file' ? await files.sha256(path) : undefined;
  if (type === 'file' && sha256 !== undefined) return { type, mode, uid, gid, sha256 };
  const target = type === 'link' ? await files.readLink(path) : undefined;
  return type === 'link' && target !== undefined ? { type, target, uid, gid } : { type: 'other' };
}

/** Whether what stands there is what was there before; nothing, where nothing was. */
export async function isAsBefore(
  present: PresentFile | undefined,
  before: FilePossession['before'],
  { files }: Pick<Host, 'files'>,
): Promise<boolean> {
  if (present === undefined || before === null) return present === undefined && before === null;
  if (present.type === 'link')
    return before.type === 'link' && before.target === present.target && hasSameOwner(present, before);
  if (present.type !== 'file' || before.type !== 'file') return false;
  if (present.mode !== before.mode || !hasSameOwner(present, before)) return false;
  return (await files.sha256(before.copy)) === present.sha256;
}

/** Whether a file lies empty where none was: a power cut leaves ours so, as Salt does not see to it that bytes are on the disk before the name is. */
export function isEmptied(present: PresentFile | undefined, before: FilePossession['before']): boolean {
  return before === null && present?.type === 'file' && present.sha256 === EMPTY;
}

const EMPTY = sha256Of('');

function hasSameOwner(one: Pick<FormerLink, 'uid' | 'gid'>, other: Pick<FormerLink, 'uid' | 'gid'>): boolean {
  return one.uid === other.uid && one.gid === other.gid;
}
