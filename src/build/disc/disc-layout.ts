import type { DiscFile, DiscSource } from '../../disc/disc-file.ts';
import { executablePaths } from '../../disc/paths.ts';
import { sha256Of } from '../../disc/sha256-of.ts';
import { renderSums } from '../../disc/sums.ts';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';

/** Where everything stands on a disc, by number: the same for the same files, in whatever order and from wherever they come. */
export interface DiscLayout {
  /** Each once, in the order in which they stand on the disc. None is empty. */
  readonly contents: readonly DiscContent[];
  /** Sorted by path. */
  readonly entries: readonly DiscEntry[];
}

export interface DiscContent {
  readonly source: DiscSource;
  /** Bytes. */
  readonly size: number;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

export interface DiscEntry {
  readonly path: string;
  readonly executable: boolean;
  readonly sha256: string;
  /** Number of its content; left out for an empty file. */
  readonly content?: number;
}

/**
 * Lays out the files of a disc. Equal contents are stored once, whether their sources are one file or several. Throws an `INTERNAL` for files
 * that contradict one another, or what every disc has to be.
 */
export function discLayout(files: readonly DiscFile[]): DiscLayout {
  const contents: DiscContent[] = [];
  const numbers = new Map<string, number>();
  const summed = files.map((file) => ({ file, content: contentOf(file.source) }));
  const sorted = summed.toSorted((left, right) => (left.file.path < right.file.path ? -1 : 1));
  const entries = sorted.map(({ file, content }): DiscEntry => {
    const { sha256, size } = content;
    const executable = file.executable === true;
    if (executable !== executablePaths.has(file.path)) throw wrongMode(file.path, executable);
    const entry = { path: file.path, executable, sha256 };
    if (size === 0) return entry;
    const number = numbers.get(sha256) ?? contents.push(content) - 1;
    numbers.set(sha256, number);
    if (contents[number]?.size !== size) throw contradiction(file.path, content);
    return { ...entry, content: number };
  });
  return { contents, entries };
}

function contentOf(source: DiscSource): DiscContent {
  if ('file' in source) return { source, size: source.size, sha256: source.sha256 };
  const { content } = source;
  return { source, size: content.length, sha256: sha256Of(content) };
}

/**
 * `SHA256SUMS` of the files of a disc. Throws a `RELEASE_INVALID` for a path that a disc cannot have, for one that is there twice, and for one
 * that is a file and a folder.
 */
export function discSums(files: readonly DiscFile[]): string {
  try {
    return renderSums(files.map(({ path, source }) => ({ path, sha256: contentOf(source).sha256 })));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new MetalK8sError('RELEASE_INVALID', `the disc cannot be laid out: ${error.message}`, {
      hint: 'Paths on the disc come from the release list: mend there what leads to this one.',
    });
  }
}

function contradiction(path: string, { sha256, size }: DiscContent): MetalK8sError {
  return new MetalK8sError('INTERNAL', `two files have one SHA-256 and not one size`, {
    where: `${path}: ${size} bytes, ${sha256}`,
  });
}

/** Whoever verifies the disc would refuse it. */
function wrongMode(path: string, executable: boolean): MetalK8sError {
  return new MetalK8sError(
    'INTERNAL',
    `a file of the disc ${executable ? 'is' : 'is not'} executable, and has to be otherwise`,
    {
      where: path,
    },
  );
}
