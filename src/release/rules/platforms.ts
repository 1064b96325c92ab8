import { fault, type RuleProblem } from '../../documents/rule.ts';
import { duplicates, entries } from './duplicates.ts';
import type { AskedList, ReleaseRule } from './release-rule.ts';

export const platformRules: readonly ReleaseRule[] = [
  { name: 'duplicate-image-platform', check: duplicateImagePlatform },
  { name: 'duplicate-package-platform', check: duplicatePackagePlatform },
  { name: 'duplicate-repository', check: duplicateRepository },
  { name: 'unverifiable-repository', check: unverifiableRepository },
  { name: 'platform-without-images', check: platformWithoutImages },
  { name: 'unknown-platform', check: unknownPlatform },
];

/** OCI's name of an architecture by RPM's. */
const architectures: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64' };

function duplicateImagePlatform({ imagePlatforms }: AskedList): RuleProblem[] {
  return duplicates(entries(imagePlatforms, ['imagePlatforms']).map(({ item, path }) => ({ value: item, path })));
}

function duplicatePackagePlatform(list: AskedList): RuleProblem[] {
  return duplicates(platformsOf(list).map(({ item, path }) => ({ value: item.name, path: [...path, 'name'] })));
}

function duplicateRepository(list: AskedList): RuleProblem[] {
  return platformsOf(list).flatMap(({ item, path }) =>
    duplicates(
      entries(item.repositories, [...path, 'repositories']).map((repository) => ({
        value: repository.item.id,
        path: [...repository.path, 'id'],
      })),
    ),
  );
}

/** Packages are verified by keys of upstream, or signed by us: neither is a hole, both is a contradiction. */
function unverifiableRepository(list: AskedList): RuleProblem[] {
  const repositories = platformsOf(list).flatMap(({ item, path }) =>
    entries(item.repositories, [...path, 'repositories']),
  );
  return repositories.flatMap(({ item: { keys, signedByUs }, path }) => {
    if (keys === undefined || signedByUs === undefined) return [];
    if (keys.length === 0 && !signedByUs) {
      const message =
        'has no keys, so nothing tells whether its packages are the right ones: name the keys, or write signedByUs: true where upstream signs nothing';
      return [{ paths: [[...path, 'keys'], path], message }];
    }
    if (keys.length === 0 || !signedByUs) return [];
    return [
      fault([...path, 'signedByUs'], 'is true, yet there are keys: packages that upstream signs keep that signature'),
    ];
  });
}

function platformWithoutImages(list: AskedList): RuleProblem[] {
  const carried = list.imagePlatforms;
  if (carried === undefined || carried.includes(undefined)) return [];
  return platformsOf(list).flatMap(({ item: { name }, path }) => {
    const wanted = `linux/${architectures[name?.split('/')[1] ?? '']}`;
    if (name === undefined || carried.some((platform) => `${platform}/`.startsWith(`${wanted}/`))) return [];
    return [fault([...path, 'name'], `needs images for ${wanted}, which imagePlatforms lacks`)];
  });
}

function unknownPlatform(list: AskedList): RuleProblem[] {
  const names = platformsOf(list).map(({ item }) => item.name);
  if (names.includes(undefined) || list.packagePlatforms?.includes(undefined)) return [];
  const known = names.filter((name) => name !== undefined);
  return entries(list.components, ['components'])
    .flatMap(({ item, path }) => entries(item.packages, [...path, 'packages']))
    .flatMap(({ item, path }) => {
      if (known.length === 0) return [fault(path, 'is for no host, as packagePlatforms is empty')];
      return entries(item.platforms, [...path, 'platforms']).flatMap(({ item: name, path: place }) =>
        known.includes(name)
          ? []
          : [fault(place, `"${name}" is not in packagePlatforms, which has ${known.join(', ')}`)],
      );
    });
}

function platformsOf({ packagePlatforms }: AskedList) {
  return entries(packagePlatforms, ['packagePlatforms']);
}
