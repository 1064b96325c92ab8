import type { Nevra } from '../packages/nevra.ts';
import { fitsOneOf, fitsPackage } from './package-patterns.ts';

/** What is to be installed; the name alone where nobody knows the version yet. */
type Wanted = Nevra | Pick<Nevra, 'name'>;

/**
 * Whether dnf's plugin versionlock hides a package. A line is a package, or a pattern, with or without version, release and architecture: a locked
 * name is there only in what one of the lines fits, and with `!` in front what the line fits is not. A line with a space is none that dnf can read.
 */
export function isLockedOut(wanted: Wanted, lines: readonly string[]): boolean {
  const readable = lines.filter((line) => !/\s/.test(line));
  if (readable.some((line) => line.startsWith('!') && fits(line.slice(1), wanted))) return true;
  const locks = readable.filter((line) => !line.startsWith('!'));
  const isLocked = locks.some((line) => possibleNames(line).some((name) => fitsOneOf(name, [wanted.name])));
  return isLocked && !locks.some((line) => fits(line, wanted));
}

/** With and without the epoch, as one may write it. */
function fits(line: string, wanted: Wanted): boolean {
  if (!('version' in wanted)) return fitsPackage(line, wanted.name);
  const { name, epoch, version, release, arch } = wanted;
  const versions = [version, `${epoch}:${version}`].flatMap((each) => [
    each,
    `${each}-${release}`,
    `${each}-${release}.${arch}`,
  ]);
  return fitsOneOf(line, [name, `${name}.${arch}`, ...versions.map((each) => `${name}-${each}`)]);
}

/** `kernel-core` may be a name, and one with a version: dnf takes it for both where it knows no such version. */
function possibleNames(line: string): readonly string[] {
  return [line, line.replace(/\.[^.]*$/, ''), line.replace(/-[^-]*$/, ''), line.replace(/-[^-]*-[^-]*$/, '')];
}
