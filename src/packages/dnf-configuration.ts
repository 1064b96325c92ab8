/** How the build station's dnf is to act. */
export interface DnfConfiguration {
  readonly modulePlatform: string;
  readonly repositories: readonly DnfRepository[];
  /** File with the certificates that servers are known by, instead of the system's. */
  readonly authorities?: string;
}

export interface DnfRepository {
  readonly id: string;
  /** Encoded, so that it has neither a space nor a comma. */
  readonly baseUrl: string;
  /** `file:` addresses of public keys; encoded, likewise. */
  readonly keyUrls: readonly string[];
  /** Whether its packages are verified by these keys, and its metadata. */
  readonly verifies: { readonly packages: boolean; readonly metadata: boolean };
  /** Takes packages without the module that they belong to. */
  readonly ignoresModules: boolean;
}

/** Folders of a run of dnf, below its working directory. */
export const dnfFolders = { plugins: 'plugins', pluginSettings: 'plugin-settings' } as const;

/**
 * The configuration file of a run of dnf, see dnf.conf(5). It has nothing of the build station's own: no repository, variable or plug-in.
 * Of packages of one name, dnf takes that of the first repository that has it, as the order of repositories is that of trust.
 */
export function dnfConfiguration({ modulePlatform, repositories, authorities }: DnfConfiguration): string {
  const main = [
    '[main]',
    'reposdir=/dev/null',
    'varsdir=/dev/null',
    'plugins=1',
    `pluginpath=${dnfFolders.plugins}`,
    `pluginconfpath=${dnfFolders.pluginSettings}`,
    `module_platform_id=${modulePlatform}`,
    'install_weak_deps=0',
    'best=1',
    'assumeyes=1',
    'skip_if_unavailable=0',
    'metadata_expire=0',
    'zchunk=0',
    ...(authorities === undefined ? [] : [`sslcacert=${authorities}`]),
  ];
  const sections = repositories.flatMap(({ id, baseUrl, keyUrls, verifies, ignoresModules }, position) => [
    '',
    `[${id}]`,
    `name=${id}`,
    `baseurl=${baseUrl}`,
    `gpgkey=${keyUrls.join('\n       ')}`,
    `gpgcheck=${flag(verifies.packages)}`,
    `repo_gpgcheck=${flag(verifies.metadata)}`,
    `module_hotfixes=${flag(ignoresModules)}`,
    `priority=${position + 1}`,
  ]);
  return `${[...main, ...sections].join('\n')}\n`;
}

function flag(value: boolean): string {
  return value ? '1' : '0';
}
