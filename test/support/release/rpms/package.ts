import type { FileSource } from '../file-source.ts';

/** Processor names as RPM writes them. */
export type RpmArchitecture = 'x86_64' | 'aarch64' | 'noarch';

/** When a script runs, by RPM's names. */
export const SCRIPT_KINDS = ['pre', 'post', 'preun', 'postun'] as const;

/** Shell scripts of a package; `$1` is the number of instances of the package that will be installed afterwards. */
export type PackageScripts = Partial<Record<(typeof SCRIPT_KINDS)[number], string>>;

/** A file of a package; a configuration file that its owner changed is kept when the package is upgraded. */
export type PackagedFile = FileSource & { readonly configuration?: true };

/** An RPM package to be made: everything that its header says, and what it holds. */
export interface RpmPackage {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  readonly architecture: RpmArchitecture;
  readonly summary: string;
  readonly license: string;
  readonly url: string;
  readonly packager?: string;
  /** Relations to other packages, each in the form of a spec file: `iptables >= 1.4.21`. Nothing is added from the files. */
  readonly requires?: readonly string[];
  readonly provides?: readonly string[];
  readonly conflicts?: readonly string[];
  readonly obsoletes?: readonly string[];
  readonly files: readonly PackagedFile[];
  readonly scripts?: PackageScripts;
}

/** RPM's name of this machine's processor. */
export const NATIVE_ARCHITECTURE: RpmArchitecture = process.arch === 'arm64' ? 'aarch64' : 'x86_64';

/** File name of the package: name, version, release, architecture. */
export function rpmFileName({ name, version, release, architecture }: RpmPackage): string {
  return `${name}-${version}-${release}.${architecture}.rpm`;
}
