import type { Path } from '../../documents/path.ts';
import { fault, type Incomplete, type Rule, type RuleProblem } from '../../documents/rule.ts';
import type { MirrorsFile } from '../release.types.ts';
import { duplicates, entries } from './duplicates.ts';

type AskedMirrors = Incomplete<MirrorsFile>;

export const mirrorRules: readonly Rule<AskedMirrors>[] = [
  { name: 'duplicate-mirror', check: duplicateMirror },
  { name: 'one-source', check: oneSource },
  { name: 'insecure-registry', check: insecureRegistry },
  { name: 'certificates-of-no-registry', check: certificatesOfNoRegistry },
  { name: 'unverifiable-mirror', check: unverifiableMirror },
  { name: 'folder-for-file', check: folderForFile },
];

const lists = ['registries', 'repositories', 'files'] as const;

function duplicateMirror(mirrors: AskedMirrors): RuleProblem[] {
  return lists.flatMap((list) =>
    duplicates(
      entries<{ readonly upstream?: string | undefined }>(mirrors[list], [list]).map(({ item, path }) => ({
        value: item.upstream,
        path: [...path, 'upstream'],
      })),
    ),
  );
}

/** Every entry names one thing that stands for upstream. */
function oneSource({ registries, repositories, files }: AskedMirrors): RuleProblem[] {
  const ofKeys = entries(repositories, ['repositories']).flatMap(({ item, path }) =>
    entries(item.keys, [...path, 'keys']),
  );
  return [
    ...entries(registries, ['registries']).flatMap((entry) => exactlyOne(entry, 'registry', 'layout')),
    ...entries(repositories, ['repositories']).flatMap((entry) => exactlyOne(entry, 'url', 'directory')),
    ...ofKeys.flatMap((entry) => exactlyOne(entry, 'url', 'file')),
    ...entries(files, ['files']).flatMap((entry) => exactlyOne(entry, 'url', 'path')),
  ];
}

function exactlyOne<Key extends string>(
  { item, path }: { readonly item: { readonly [Name in Key]?: unknown }; readonly path: Path },
  one: Key,
  other: Key,
): RuleProblem[] {
  // The paths of both, so that nothing is said when one of them is there, but bad.
  const paths: RuleProblem['paths'] = [path, [...path, one], [...path, other]];
  if (item[one] === undefined && item[other] === undefined) {
    return [{ paths, message: `needs ${one} or ${other}: what stands for upstream` }];
  }
  if (item[one] === undefined || item[other] === undefined) return [];
  return [{ paths, message: `has ${one} and ${other}: only one can stand for upstream` }];
}

/** Whoever sits between could serve other images: nothing tells, when no lock pins them. */
function insecureRegistry({ registries }: AskedMirrors): RuleProblem[] {
  return entries(registries, ['registries']).flatMap(({ item: { insecure, registry, ca }, path }) => {
    if (insecure !== true || registry === undefined) return [];
    if (ca !== undefined) return [fault([...path, 'insecure'], 'is true, yet ca says what to check certificates by')];
    if (/^(localhost|127\.[0-9.]+)(:|\/|$)/.test(registry)) return [];
    return [
      fault(
        [...path, 'insecure'],
        'is for loopback addresses alone: name the authority of the registry\'s certificate with "ca"',
      ),
    ];
  });
}

function certificatesOfNoRegistry({ registries }: AskedMirrors): RuleProblem[] {
  return entries(registries, ['registries']).flatMap(({ item, path }) =>
    (['ca', 'insecure'] as const)
      .filter((name) => item.layout !== undefined && item[name] !== undefined && item[name] !== false)
      .map((name) => fault([...path, name], 'has no effect on a layout: leave it out')),
  );
}

/** Signatures and fingerprints hold over any connection; what has neither needs one that shows who is at the other end. */
function unverifiableMirror({ repositories, files }: AskedMirrors): RuleProblem[] {
  const message = 'must be an https URL, as nothing else shows that its content is the right one';
  return [
    ...entries(repositories, ['repositories'])
      .filter(({ item: { url, signedByUs } }) => signedByUs === true && isOpen(url))
      .map(({ path }) => fault([...path, 'url'], message)),
    ...entries(files, ['files'])
      .filter(({ item: { url } }) => isOpen(url))
      .map(({ path }) => fault([...path, 'url'], message)),
  ];
}

function isOpen(url: string | undefined): boolean {
  return url?.startsWith('http:') === true && !/^http:\/\/(localhost|127\.[0-9.]+)[:/]/.test(url);
}

function folderForFile({ files }: AskedMirrors): RuleProblem[] {
  return entries(files, ['files']).flatMap(({ item: { upstream, url }, path }) => {
    if (upstream === undefined || url === undefined || upstream.endsWith('/') === url.endsWith('/')) return [];
    const end = upstream.endsWith('/') ? 'must end with "/"' : 'must not end with "/"';
    return [fault([...path, 'url'], `${end}, as upstream ${upstream.endsWith('/') ? 'does' : 'does not'}`)];
  });
}
