import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { EXIT_ON_LOCK } from './dnf-options.ts';
import { exactPackage, type Nevra } from './nevra.ts';

/** The packages of one archive, as a host reaches them. */
export interface HostRepository {
  /** Product version of the archive. */
  readonly version: string;
  /** `file:` or `https:` address of the platform's folder, the parent of `repodata/`. */
  readonly baseUrl: string;
  /** Addresses, likewise, of the public keys: those of the packages and that of the metadata. */
  readonly keyUrls: readonly string[];
  /** Absolute path, on the host, of the certificate that an `https:` server is known by. The system's own CAs alone without. */
  readonly ca?: string;
}

/** The id of our repository on hosts; no distribution or vendor has it. */
export function repositoryId(version: string): string {
  return `metalk8s-${version}`;
}

/** Where hosts have that file. */
export function repositoryFilePath(version: string): string {
  return `/etc/yum.repos.d/${repositoryId(version)}.repo`;
}

/**
 * The file that makes an archive's packages known to a host's dnf, see dnf.conf(5). It is not enabled: our own transactions do that by
 * name, with every other repository off, so that nothing of ours ever takes the place of a vendor's package in the owner's updates.
 * Packages that belong to a module of the distribution are on the disc without it: `module_hotfixes` lets dnf take them.
 */
export function renderRepositoryFile({ version, baseUrl, keyUrls, ca }: HostRepository): string {
  const id = repositoryId(version);
  const lines = [
    `[${id}]`,
    `name=Packages of MetalK8s ${version}`,
    `baseurl=${checkedUrl(baseUrl)}`,
    `gpgkey=${keyUrls.map(checkedUrl).join('\n       ')}`,
    'enabled=0',
    'gpgcheck=1',
    'repo_gpgcheck=1',
    'module_hotfixes=1',
    // Old metadata of a disc that was taken out would name packages that are not there.
    'metadata_expire=0',
    'skip_if_unavailable=0',
    ...(ca === undefined ? [] : [`sslcacert=${ca}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * Arguments with which dnf installs exactly these packages from the archive's repository, and from no other; more words may follow. What they
 * require comes along where it lacks. `best` is off, which Enterprise Linux has on in dnf.conf: with it a name that the host has in an earlier
 * version would be upgraded, or dnf would fail where what the later one requires is not in the archive, see dnf(8) at `--best`. Nothing is
 * removed to make room, but what a package obsoletes goes: see `knownConflicts`.
 */
export function installArguments(version: string, packages: readonly Nevra[]): string[] {
  return [
    'install',
    '--assumeyes',
    '--disablerepo=*',
    `--enablerepo=${repositoryId(version)}`,
    '--setopt=install_weak_deps=False',
    '--setopt=best=False',
    EXIT_ON_LOCK,
    '--',
    ...packages.map(exactPackage),
  ];
}

/** A list in dnf's configuration is parted by spaces and commas, and `$` begins a variable. */
function checkedUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^(file|https):$/.test(parsed.protocol) || /[\s,$\\'"]/.test(url)) {
    throw new MetalK8sError('CONFIG_INVALID', `${JSON.stringify(url)} is no address that dnf can be told of`, {
      hint: 'Write file:///PATH/ or https://ADDRESS:PORT/PATH/, with % for what is no letter, digit, dot or hyphen.',
    });
  }
  return url;
}
