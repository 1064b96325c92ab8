import { join } from 'node:path';
import { isVersion, parseArchiveHead } from '../../disc/parse-archive-head.ts';
import { discPaths } from '../../disc/paths.ts';
import { lockHolder } from '../../engine/lock-holder.ts';
import { listRuns } from '../../engine/run-folders.ts';
import { type LockOwner, RUN_LOCK } from '../../engine/run-lock.ts';
import type { RunRecord } from '../../engine/run-record.ts';
import type { HostFiles } from '../../hosts/host.ts';
import { type Mount, mountsOf } from '../../kernel/mounts.ts';
import { ARCHIVES_DIRECTORY } from '../../kubernetes/static-pods/registry.ts';
import { type CertificateContent, readCertificates } from '../../pki/read-certificate.ts';
import { readKubeconfig } from '../../pki/read-kubeconfig.ts';
import { archiveMountPoint, mountUnitName } from '../../salt/archive-mounts.ts';

/** What the files of a host say of a cluster. Nothing of it is secret. */
export interface HostState {
  readonly certificates: readonly CertificateFile[];
  readonly archives: readonly ArchiveState[];
  /** Oldest first. */
  readonly runs: readonly RunRecord[];
  /** Who is at work on it now. */
  readonly working: LockOwner | null;
}

export interface CertificateFile {
  readonly path: string;
  /** Null: the file holds none that can be read. */
  readonly commonName: string | null;
  readonly notAfter: Date | null;
}

export interface ArchiveState {
  readonly version: string;
  /** Where it is to be found. */
  readonly path: string;
  /** The file, folder or device that it is mounted from; null: it is a folder of its own. */
  readonly from: string | null;
  /** Why it cannot be used; null: it can. */
  readonly fault: string | null;
}

const KUBERNETES = '/etc/kubernetes';
/** Where certificates lie: kubeadm's, the kubelet's and ours. */
const PKI_DIRECTORIES = [
  `${KUBERNETES}/pki`,
  `${KUBERNETES}/pki/etcd`,
  '/etc/metalk8s/pki',
  '/var/lib/kubelet/pki',
] as const;
/** A link to the certificate that the kubelet has now. */
const KUBELET_CURRENT = 'kubelet-client-current.pem';
const KUBECONFIGS = /^(?:super-admin|admin|kubelet|controller-manager|scheduler)\.conf$/;

/** Reads what a host has. Throws what reading throws; nothing is an empty list. */
export async function observeHost(files: HostFiles, runs: string): Promise<HostState> {
  return {
    certificates: await certificatesOf(files),
    archives: await archivesOf(files),
    runs: await listRuns(runs),
    working: (await lockHolder(files, RUN_LOCK)) ?? null,
  };
}

async function certificatesOf(files: HostFiles): Promise<readonly CertificateFile[]> {
  const found: CertificateFile[] = [];
  for (const directory of PKI_DIRECTORIES) {
    const names = (await files.list(directory)) ?? [];
    for (const name of names.filter((each) => each.endsWith('.crt') || each === KUBELET_CURRENT)) {
      const path = join(directory, name);
      found.push(certificateFile(path, readCertificates((await files.read(path)) ?? '')));
    }
  }
  for (const name of ((await files.list(KUBERNETES)) ?? []).filter((each) => KUBECONFIGS.test(each))) {
    const path = join(KUBERNETES, name);
    const content = readKubeconfig((await files.read(path)) ?? '');
    // One that names a file of the kubelet holds none of its own.
    if (content?.clientFile !== undefined) continue;
    found.push(certificateFile(path, readCertificates(content?.certificate ?? '')));
  }
  return found;
}

/** Of several, the one that ends first. */
function certificateFile(path: string, certificates: readonly CertificateContent[] | undefined): CertificateFile {
  const [first] = [...(certificates ?? [])].sort((one, other) => one.notAfter.getTime() - other.notAfter.getTime());
  return { path, commonName: first?.commonName ?? null, notAfter: first?.notAfter ?? null };
}

async function archivesOf(files: HostFiles): Promise<readonly ArchiveState[]> {
  // An image may lie beside its mount point, and lost+found is there where the folder is a file system of its own.
  const versions = ((await files.list(ARCHIVES_DIRECTORY)) ?? []).filter(isVersion);
  const mounts = mountsOf((await files.read('/proc/self/mountinfo')) ?? '');
  return Promise.all(versions.map((version) => archiveState(files, version, mounts)));
}

async function archiveState(files: HostFiles, version: string, mounts: readonly Mount[]): Promise<ArchiveState> {
  const path = archiveMountPoint(version);
  const mount = mounts.findLast(({ point }) => point === path);
  const unit = await files.read(`/etc/systemd/system/${mountUnitName(version)}`);
  const from = /^What=(.*)$/m.exec(unit ?? '')?.[1] ?? mount?.source ?? null;
  const text = await files.read(join(path, discPaths.release));
  return { version, path, from, fault: text === undefined ? 'nothing is mounted there' : versionFault(text, version) };
}

function versionFault(text: string, version: string): string | null {
  try {
    const { version: found } = parseArchiveHead(text, discPaths.release);
    return found === version ? null : `it is of version ${found}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
