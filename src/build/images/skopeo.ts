import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import { lastLines } from '../../hosts/last-lines.ts';
import { LARGEST_MANIFEST } from '../../registry/rules.ts';
import type { ImageSource } from '../../release/sources.ts';
import { type Tool, type ToolResult, tryTool } from '../run-tool.ts';
import { type FailureKind, skopeoFailure } from './skopeo-failure.ts';

export type RegistrySource = Extract<ImageSource, { kind: 'registry' }>;

/** Something of a registry: what a reference in full names, and how the registry is spoken to. */
export interface RegistryTarget {
  readonly reference: string;
  readonly insecure: boolean;
  /** A directory whose `*.crt` the registry's certificate is checked by, beside those of the system. */
  readonly certificates?: string;
}

export interface SkopeoRun {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stop: AbortSignal;
}

/** Why skopeo failed, for whoever decides whether to try again. */
export class SkopeoError extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, said: string) {
    super(said);
    this.name = 'SkopeoError';
    this.kind = kind;
  }
}

const SKOPEO: Tool = { program: 'skopeo', debian: 'skopeo', el: 'skopeo' };

/** The manifest or index that a reference names, byte for byte: one request besides the login. Throws a SkopeoError. */
export async function inspectRaw(target: RegistryTarget, run: SkopeoRun): Promise<Buffer> {
  const words = ['inspect', '--raw', ...tls(target, ''), `docker://${target.reference}`];
  const result = await skopeo(words, run);
  if (result.overflow) {
    throw new MetalK8sError('RELEASE_INVALID', `${target.reference}: its manifest is larger than registries may have`, {
      hint: `Manifests have at most ${LARGEST_MANIFEST} bytes. Take the image out of the release.`,
    });
  }
  return result.stdout;
}

export interface BlobCopy {
  readonly target: RegistryTarget;
  /** Where skopeo writes what it has begun; becomes a layout that nobody needs. */
  readonly layout: string;
  /** Finished blobs come, and are looked for, at `sha256/<64 hexadecimal digits>` below it. */
  readonly blobs: string;
}

/** Fetches the configuration and the layers of one manifest, but for those that are there. Throws a SkopeoError. */
export async function copyBlobs({ target, layout, blobs }: BlobCopy, run: SkopeoRun): Promise<void> {
  const exact = ['--preserve-digests', '--dest-shared-blob-dir', blobs];
  await skopeo(['copy', ...exact, ...tls(target, 'src-'), `docker://${target.reference}`, `oci:${layout}:image`], run);
}

async function skopeo(words: readonly string[], { env, stop }: SkopeoRun): Promise<ToolResult> {
  const result = await tryTool(SKOPEO, { arguments: words, env, stop, maxOutput: LARGEST_MANIFEST });
  if (result.exitCode === 0 || result.overflow) return result;
  const said = lastWords(result.stderr);
  throw new SkopeoError(skopeoFailure(said), said || 'skopeo was killed');
}

/** What skopeo said last, without the dress of its log. */
function lastWords(stderr: string): string {
  const lines = lastLines(stderr, 5).split('\n');
  return lines.map((line) => textOf(/ msg="((?:[^"\\]|\\.)*)"/.exec(line)?.[1]) ?? line).join('\n');
}

function textOf(quoted: string | undefined): string | undefined {
  return quoted?.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}

function tls({ insecure, certificates }: RegistryTarget, prefix: '' | 'src-'): string[] {
  if (insecure) return [`--${prefix}tls-verify=false`];
  return certificates === undefined ? [] : [`--${prefix}cert-dir=${certificates}`];
}
