/** Every path of the disc, relative to its root. Nothing else may spell them. */
export const discPaths = {
  launcher: 'metalk8s',
  sums: 'SHA256SUMS',
  sumsSignature: 'SHA256SUMS.asc',
  release: 'release.json',
  /** Holds `bin/node` and the licence of Node.js. */
  runtime: 'runtime',
  node: 'runtime/bin/node',
  /** Holds the bundled CLI; `bin/metalk8s.js` is its entry. */
  cli: 'cli',
  cliEntry: 'cli/bin/metalk8s.js',
  /** An OCI image layout. */
  images: 'images',
  blobs: 'images/blobs/sha256',
  registry: 'registry',
  packages: 'packages',
  /** Public keys that packages and their metadata are signed with. */
  packageKeys: 'packages/keys',
  /** Files that upstream publishes. */
  upstream: 'upstream',
  salt: 'salt',
  docs: 'docs',
  schema: 'schema',
  sbom: 'sbom',
  examples: 'examples',
} as const;

/** Folder of a platform's RPM repository: `packages/el9-x86_64` for `el9/x86_64`. */
export function packagesPath(platform: string): string {
  return `${discPaths.packages}/${platform.replace('/', '-')}`;
}

/** The files that are started by their name: mode 0555. All others have 0444. */
export const executablePaths: ReadonlySet<string> = new Set([discPaths.launcher, discPaths.node]);

/** A public key by its fingerprint: ASCII-armoured for rpm and dnf, or binary for gpgv. */
export function packageKeyPath(fingerprint: string, form: 'armoured' | 'binary'): string {
  return `${discPaths.packageKeys}/${fingerprint}.${form === 'armoured' ? 'asc' : 'gpg'}`;
}
