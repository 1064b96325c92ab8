import type { Host } from '../../hosts/host.ts';
import { EXIT_ON_LOCK } from '../../packages/dnf-options.ts';
import { isNevra, type Nevra } from '../../packages/nevra.ts';
import { VERSION_LOCK_CONFIGURATION, versionLockList } from '../../packages/version-lock-list.ts';
import { askDnf, type DnfContext } from '../run-dnf.ts';

const PARTS = ['name', 'epoch', 'version', 'release', 'arch', 'from_repo'] as const;

/** Packages that came from an archive of ours, by dnf's own records. Without plugins, which may lie damaged after a power cut. */
export async function packagesOfArchives(context: DnfContext): Promise<readonly Nevra[]> {
  const format = PARTS.map((part) => `%{${part}}`).join('|');
  const asking = ['--quiet', '--noplugins', EXIT_ON_LOCK, '--disablerepo=*', 'repoquery', '--installed'];
  const lines = await askDnf(
    ['dnf', ...asking, '--queryformat', `${format}\\n`],
    { message: 'dnf cannot tell which packages are installed', hint: 'Mend the package manager, then run again.' },
    context,
  );
  return readPackages(lines);
}

/** Reads lines of the parts above; those of other repositories are left out. */
export function readPackages(lines: readonly string[]): readonly Nevra[] {
  return lines.flatMap((line) => {
    const [name, epoch, version, release, arch, repository = ''] = line.split('|');
    const nevra = { name, epoch, version, release, arch };
    return repository.startsWith('metalk8s-') && isNevra(nevra) ? [nevra] : [];
  });
}

/** Fingerprints of the keys that files of our repositories name. */
export function keysOfRepositoryFile(text: string): readonly string[] {
  return [...text.matchAll(/\/([0-9A-F]{40})\.asc\b/g)].map(([, fingerprint = '']) => fingerprint);
}

/** Where dnf's plugin versionlock has its list on a host. */
export async function versionLocksPath(host: Pick<Host, 'files'>): Promise<string> {
  return versionLockList((await host.files.read(VERSION_LOCK_CONFIGURATION)) ?? '');
}

/** Names that a list of dnf's plugin versionlock holds: lines such as `kubelet-0:1.36.3-150500.1.1.*`. */
export function heldPackages(list: string): readonly string[] {
  return list.split('\n').flatMap((line) => heldPackage(line) ?? []);
}

/** The list without some packages, and without the lines that dnf wrote above each. */
export function withoutHolds(list: string, names: readonly string[]): string {
  const lines = list.split('\n');
  const goes = lines.map((line) => names.includes(heldPackage(line) ?? ''));
  return lines.filter((line, index) => !goes[index] && !(/^# Added lock/.test(line) && goes[index + 1])).join('\n');
}

function heldPackage(line: string): string | undefined {
  return /^(?!#|!)(\S+)-[^-\s]+-[^-\s]+$/.exec(line.trim())?.[1];
}
