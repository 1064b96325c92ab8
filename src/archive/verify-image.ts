import type { Fault } from '../disc/fault.ts';
import { signedText } from '../disc/image-header.ts';
import { treeFaults } from '../disc/tree-faults.ts';
import { checkImage } from './check-image.ts';
import { checkSignature, type Signer } from './check-signature.ts';
import type { ImageArchive } from './image-archive.ts';
import { readHeader } from './read-header.ts';
import { ArchiveRefused } from './refusal.ts';
import { readHead, readSignedList, unsigned } from './signed-list.ts';
import type { VerifiedArchive, VerifyOptions } from './verified-archive.ts';

/** Verifies an image: its signature, then every byte; only then the file system in it is looked at, which has to fit its own list. */
export async function verifyImage(archive: ImageArchive, options: VerifyOptions): Promise<VerifiedArchive> {
  const { keys, now, stop, stage } = options;
  const { path } = archive;
  const { header, signer } = await stage('signature', async () => {
    const header = await readHeader(archive);
    if (header.signature === undefined) return { header, signer: undefined };
    const signed = { content: Buffer.from(signedText(header)), signature: Buffer.from(header.signature), where: path };
    return { header, signer: await checkSignature(signed, keys, now) };
  });
  await stage('contents', (progress) => checkImage(archive, header, { progress, stop }));
  if (signer === undefined) throw unsigned(path);
  return stage('files', async () => {
    const { volumeId } = await archive.tree(header.size);
    const { sums } = await listOf(archive, signer, options);
    const faults: Fault[] = treeFaults(await archive.list(), sums);
    const head = await readHead(archive, { sums, signer }, options.minimumVersion);
    if (volumeId !== `metalk8s-${head.version}`)
      faults.push({ path: '', what: `its volume is called ${volumeId}, and holds version ${head.version}` });
    if (faults.length > 0) throw wronglyMade(path, faults);
    return { ...head, signer, sums, bytes: header.size };
  });
}

/** Whoever mounts the image has nothing but this list to go by, so it has to be signed by the same key. */
async function listOf(archive: ImageArchive, signer: Signer, options: VerifyOptions) {
  const list = await readSignedList(archive, true, options);
  if (list.signer?.fingerprint === signer.fingerprint) return list;
  throw wronglyMade(archive.path, [{ path: '', what: 'its list of sums is signed by another key than the image' }]);
}

/** The image is the one that was signed, so the fault is older. */
function wronglyMade(where: string, faults: readonly Fault[]): ArchiveRefused {
  return new ArchiveRefused('The image is as it was signed, but was made wrongly:', faults, {
    where,
    hint: 'Copying it again is of no use: have it built again.',
  });
}
