import type { CisCheck, CisFile, CisSubject, CisVerdict } from './check.ts';

/** How the path or paths of a check are found. */
export interface FilesAsked {
  readonly what: string;
  readonly on: CisCheck['on'];
  /** Of these, the first that is there; or all of them that are there. */
  readonly paths: readonly string[];
  readonly choice?: 'first' | 'all';
  /** Where something else than `paths` decides. */
  path?(subject: CisSubject): string;
}

/** Two checks that stand one after the other: no more rights than `mode`, and this owner. */
export function modeAndOwner(
  [modeId, ownerId]: readonly [string, string],
  asked: FilesAsked,
  { mode, owner = 'root:root' }: { mode: number; owner?: string },
): readonly CisCheck[] {
  const octal = mode.toString(8);
  return [
    fileCheck(modeId, asked, [`mode ${octal} or less`, (file) => (file.mode & 0o7777 & ~mode) === 0]),
    fileCheck(ownerId, asked, [`owner ${owner}`, (file) => `${file.user}:${file.group}` === owner]),
  ];
}

/** One check of files. It fails when there is none of them. */
export function fileCheck(
  id: string,
  asked: FilesAsked,
  [wanted, question]: readonly [string, (file: CisFile) => boolean],
): CisCheck {
  return {
    id,
    what: `${asked.what}: ${wanted}`,
    on: asked.on,
    reads: asked.paths,
    probe: (subject) => askFiles(subject, asked, question),
  };
}

function askFiles(subject: CisSubject, asked: FilesAsked, question: (file: CisFile) => boolean): CisVerdict {
  const files = foundFiles(subject, asked);
  if (files.length === 0) return { passed: false, found: `none of ${asked.paths.join(', ')} is there` };
  const wrong = files.filter(([, file]) => !question(file));
  return { passed: wrong.length === 0, found: (wrong.length > 0 ? wrong : files).map(describe).join(', ') };
}

function foundFiles(subject: CisSubject, { paths, path, choice = 'all' }: FilesAsked): readonly [string, CisFile][] {
  const wanted = path === undefined ? paths : [path(subject)];
  const found = wanted.flatMap((one): [string, CisFile][] => {
    if (one.endsWith('/')) return [...subject.files].filter(([file]) => `${file}/`.startsWith(one));
    const file = subject.files.get(one);
    return file === undefined ? [] : [[one, file]];
  });
  return choice === 'first' ? found.slice(0, 1) : found;
}

function describe([path, { mode, user, group }]: readonly [string, CisFile]): string {
  return `${path} ${mode.toString(8).padStart(3, '0')} ${user}:${group}`;
}
