/** Where hosts see the test release. */
export const DISC = '/mnt/release';

/** What of a test release a node is installed from; paths are relative to the release's directory. */
export interface DiscContent {
  readonly repositories: readonly { readonly id: string; readonly directory: string }[];
  /** Public key of packages and repositories, ASCII-armoured. */
  readonly publicKey: string;
  /** For `ctr images import`. */
  readonly imageArchive: string;
  /** Reference of the image that pods' sandboxes are made from. */
  readonly pauseImage: string;
}

/** A `.repo` file for all repositories of the disc, with packages and metadata verified. See dnf.conf(5). */
export function repositoryFile({ repositories, publicKey }: DiscContent): string {
  const sections = repositories.map(({ id, directory }) =>
    [
      `[${id}]`,
      `name=${id} of the test release`,
      `baseurl=file://${DISC}/${directory}`,
      `gpgkey=file://${DISC}/${publicKey}`,
      'gpgcheck=1',
      'repo_gpgcheck=1',
      'enabled=1',
      '',
    ].join('\n'),
  );
  return sections.join('\n');
}
