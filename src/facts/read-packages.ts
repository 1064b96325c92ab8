import { inGroups } from './answers.ts';
import type { PackageFacts } from './observed-host.ts';

/** Reads lines of a name, a tab, and a version with release. Public keys, which RPM keeps among the packages, are none. */
export function readPackages(text: string | null): PackageFacts['installed'] {
  if (text === null) return null;
  return [...text.matchAll(/^([^\t\n]+)\t([^\t\n]+)$/gm)].flatMap(([, name = '', version = '']) =>
    name === 'gpg-pubkey' ? [] : [{ name, version }],
  );
}

/** Of each process that holds a lock: its name, and its pid. */
export function readPackageLocks(fields: readonly string[]): string | null {
  const [name, pid] = inGroups(fields, 2)[0] ?? [];
  return name === undefined || pid === undefined ? null : `${name} (pid ${pid})`;
}

/** Reads lines such as `excludepkgs=kubelet, containerd*` with those that go on. Of one setting the last counts, of both their sum. Patterns stay as they are. */
export function readExclusions(text: string | null): readonly string[] {
  const lines = (text ?? '').matchAll(/^(exclude(?:pkgs)?)\s*=(.*(?:\n[ \t].*)*)/gm);
  const settings = new Map(Array.from(lines, ([, setting, value = '']) => [setting, value]));
  const words = [...settings.values()].join(' ').split(/[\s,]+/);
  return [...new Set(words.filter((word) => word !== ''))];
}

/** Reads the list of dnf's plugin versionlock: its lines as they are written, but for comments. */
export function readVersionLocks(text: string | null): readonly string[] {
  const lines = (text ?? '').split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}
