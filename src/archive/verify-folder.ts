import { foldersOf } from '../disc/disc-path.ts';
import type { Fault } from '../disc/fault.ts';
import { discPaths } from '../disc/paths.ts';
import { treeFaults } from '../disc/tree-faults.ts';
import { checkContents } from './check-contents.ts';
import type { FolderArchive } from './folder-archive.ts';
import { ArchiveRefused } from './refusal.ts';
import { readHead, readSignedList, unsigned } from './signed-list.ts';
import type { VerifiedArchive, VerifyOptions } from './verified-archive.ts';

const WRITABLE_BY_ALL = 0o002;

/** Verifies a folder: the signature of its list of sums, then names, types, links, modes and contents. All faults are told at once. */
export async function verifyFolder(archive: FolderArchive, options: VerifyOptions): Promise<VerifiedArchive> {
  const { stop, stage, minimumVersion } = options;
  const { sums, signer } = await stage('signature', async () => {
    const isSigned = (await archive.list(new Set())).some(({ path }) => path === discPaths.sumsSignature);
    return readSignedList(archive, isSigned, options);
  });
  const bytes = await stage('contents', async (progress) => {
    const entries = await archive.list(foldersOf(sums.map(({ path }) => path)));
    const files = new Set(entries.flatMap(({ path, type }) => (type === 'file' ? path : [])));
    const present = sums.filter(({ path }) => files.has(path));
    const changed = await checkContents(archive, present, entries, { progress, stop });
    const faults = [...rootFaults(archive), ...treeFaults(entries, sums), ...changed];
    if (faults.length > 0)
      throw new ArchiveRefused('The archive is not what was signed:', faults, {
        where: archive.path,
        hint: 'Copy it again with its modes, as "cp -r" from the mounted ISO does, to a folder that only you may write to.',
      });
    return entries.reduce((sum, { size, type }) => sum + (type === 'file' ? size : 0), 0);
  });
  if (signer === undefined) throw unsigned(archive.path);
  return stage('files', async () => {
    const head = await readHead(archive, { sums, signer }, minimumVersion);
    return { ...head, signer, sums, bytes };
  });
}

/** A group may own the folder that an archive was copied into; what is in it has the modes of the disc. */
function rootFaults({ mode }: FolderArchive): Fault[] {
  return (mode & WRITABLE_BY_ALL) === 0 ? [] : [{ path: '', what: 'everyone may change what is in the folder' }];
}
