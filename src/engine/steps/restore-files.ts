import type { Host } from '../../hosts/host.ts';
import type { FilePossession } from '../../plan/possession.ts';
import { storedFile } from '../../salt/placed-file.ts';
import type { StepContext, StepHandler } from '../step-handler.ts';
import { isAsBefore, isEmptied, presentFile } from './former-file.ts';
import { removeSaltDrafts } from './salt-drafts.ts';

/** A copy that is gone holds nothing up: nobody can bring it back, and the rest has to be undone all the same. */
export const restoreFiles: StepHandler<'restore-files'> = async ({ files }, context) => {
  const { host, possessions } = context;
  const drafts = files.map(({ path, ours }) => ({ path, sha256: ours }));
  let changed = await removeSaltDrafts(drafts, (sha256) => host.files.read(storedFile(sha256)), host);
  const noted = new Map(possessions.list().flatMap((each) => (each.what === 'file' ? [[each.path, each]] : [])));
  for (const planned of files) {
    // Before packages went, it may have been noted what became of it since.
    const { what: _, ...latest } = noted.get(planned.path) ?? { what: 'file', ...planned };
    const file = { ...latest, placed: latest.placed || planned.placed };
    if (!(await restore(file, context))) continue;
    changed = true;
    // What its owner makes of it from now on is theirs.
    await possessions.add([{ what: 'file', ...file, placed: false }]);
  }
  return { changed };
};

/** Gives whether ours was there. What is neither ours nor in the place of ours has come from somebody since, and stays. */
async function restore(
  { path, before, ours, placed }: Omit<FilePossession, 'what'>,
  { host, report }: StepContext,
): Promise<boolean> {
  const present = await presentFile(host, path);
  if (await isAsBefore(present, before, host)) return false;
  const isOurs = placed || (present?.type === 'file' && present.sha256 === ours) || isEmptied(present, before);
  if (present?.type === 'other' || (present !== undefined && !isOurs)) {
    report.warning(`${path} was changed by somebody since it was looked at, ours was not in its place, and it stays`);
    return false;
  }
  return putBack(path, before, { host, report });
}

async function putBack(
  path: string,
  before: FilePossession['before'],
  { host, report }: { readonly host: Host; readonly report: StepContext['report'] },
): Promise<boolean> {
  if (before === null) return host.files.remove(path);
  if (before.type === 'link') {
    await host.files.writeLink({ path, ...before });
    return true;
  }
  const { copy, mode, uid, gid } = before;
  const content = await host.files.read(copy);
  if (content === undefined) {
    report.warning(`whether ${path} is as it was before cannot be told: the copy ${copy} is gone`);
    return false;
  }
  await host.files.writeAtomic([{ path, content, mode, uid, gid }]);
  return true;
}
