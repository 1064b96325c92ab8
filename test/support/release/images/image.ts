import type { FileSource } from '../file-source.ts';
import type { DebianPrograms } from './debian-programs.ts';

/** Processor names as OCI (and Go) write them. */
export type ImageArchitecture = 'amd64' | 'arm64';

/** What a container of an image does unless it is told otherwise: the `config` object of the OCI image specification. */
export interface ContainerConfig {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  readonly User?: string;
  readonly WorkingDir?: string;
  readonly ExposedPorts?: Readonly<Record<string, Record<string, never>>>;
  readonly StopSignal?: string;
  readonly Labels?: Readonly<Record<string, string>>;
}

/** What one layer holds. */
export interface LayerSource {
  readonly files: readonly FileSource[];
  /** Programs of Debian that come with what they load. */
  readonly programs?: DebianPrograms;
}

/** An image for one processor. */
export interface ImageVariant {
  readonly architecture: ImageArchitecture;
  readonly config: ContainerConfig;
  readonly layers: readonly LayerSource[];
}

/** An image to be made, and everything that its documents say. */
export interface ImageSource {
  /** Full upstream references; one that ends in `@` becomes a reference by digest. */
  readonly references: readonly [string, ...string[]];
  readonly format: 'oci' | 'docker';
  /** True for an index of variants, false for the one variant's manifest alone. */
  readonly indexed: boolean;
  readonly variants: readonly [ImageVariant, ...ImageVariant[]];
}

/** OCI's name of this machine's processor. */
export const NATIVE_ARCHITECTURE: ImageArchitecture = process.arch === 'arm64' ? 'arm64' : 'amd64';

/** The search path that images set, as Docker's default is. */
export const PATH_VARIABLE = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
