import { formatPath } from '../../documents/path.ts';
import { fault, type RuleProblem } from '../../documents/rule.ts';
import { duplicates, entries } from './duplicates.ts';
import type { AskedList, ReleaseRule } from './release-rule.ts';

export const componentRules: readonly ReleaseRule[] = [
  { name: 'no-core', check: noCore },
  { name: 'duplicate-component', check: duplicateComponent },
  { name: 'duplicate-image', check: duplicateImage },
  { name: 'duplicate-package', check: duplicatePackage },
  { name: 'two-versions', check: twoVersions },
  { name: 'package-of-the-base', check: packageOfTheBase },
  { name: 'duplicate-file', check: duplicateFile },
  { name: 'file-as-folder', check: fileAsFolder },
];

function noCore({ components }: AskedList): RuleProblem[] {
  const names = components?.map((component) => component?.name);
  if (names === undefined || names.includes(undefined) || names.includes('core')) return [];
  return [fault(['components'], 'has no component "core", which every disc carries')];
}

function duplicateComponent(list: AskedList): RuleProblem[] {
  return duplicates(componentsOf(list).map(({ item, path }) => ({ value: item.name, path: [...path, 'name'] })));
}

/** Two components may need the same image; naming it twice in one is a slip. */
function duplicateImage(list: AskedList): RuleProblem[] {
  return componentsOf(list).flatMap(({ item, path }) =>
    duplicates(entries(item.images, [...path, 'images']).map((image) => ({ value: image.item, path: image.path }))),
  );
}

function duplicatePackage(list: AskedList): RuleProblem[] {
  return componentsOf(list).flatMap((component) =>
    duplicates(
      packagesOn(list, [component]).map(({ name, platform, path }) => ({ value: `${name} ${platform}`, path })),
    ).filter(({ paths }, index, all) => all.findIndex((other) => isSame(other.paths, paths)) === index),
  );
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function twoVersions(list: AskedList): RuleProblem[] {
  const found = new Map<string, PackageOnPlatform>();
  const problems = packagesOn(list, componentsOf(list)).flatMap((entry): RuleProblem[] => {
    if (entry.version === undefined) return [];
    const key = `${entry.name} ${entry.platform}`;
    const before = found.get(key);
    if (before === undefined) found.set(key, entry);
    if (before === undefined || before.version === entry.version) return [];
    const message = `${entry.name} is asked for as ${entry.version} here and as ${before.version} in ${formatPath(before.path)}: a host has one`;
    return [fault([...entry.path, 'version'], message)];
  });
  return problems.filter(({ paths }, index) => problems.findIndex((other) => isSame(other.paths, paths)) === index);
}

function packageOfTheBase(list: AskedList): RuleProblem[] {
  const bases = new Map(list.packagePlatforms?.map((platform) => [platform?.name, platform?.base ?? []]));
  return packagesOn(list, componentsOf(list)).flatMap(({ name, platform, path }) =>
    bases.get(platform)?.includes(name)
      ? [
          fault(
            [...path, 'name'],
            `${name} is in the base of ${platform}, so the disc does not carry it: leave it out there or here`,
          ),
        ]
      : [],
  );
}

function duplicateFile(list: AskedList): RuleProblem[] {
  return duplicates(filesOf(list).map(({ item, path }) => ({ value: item.path, path: [...path, 'path'] })));
}

function fileAsFolder(list: AskedList): RuleProblem[] {
  const files = filesOf(list);
  return files.flatMap(({ item, path }) => {
    const below = files.find((other) => item.path !== undefined && other.item.path?.startsWith(`${item.path}/`));
    if (below === undefined) return [];
    return [fault([...path, 'path'], `is also a folder, of ${formatPath(below.path)}: a file cannot be both`)];
  });
}

interface PackageOnPlatform {
  readonly name: string;
  readonly version: string | undefined;
  readonly platform: string;
  readonly path: readonly (string | number)[];
}

/** Each package once for each platform that it is for. */
function packagesOn(list: AskedList, components: ReturnType<typeof componentsOf>): PackageOnPlatform[] {
  const all = [...new Set((list.packagePlatforms ?? []).flatMap((platform) => platform?.name ?? []))];
  return components
    .flatMap(({ item, path }) => entries(item.packages, [...path, 'packages']))
    .flatMap(({ item: { name, version, platforms }, path }) =>
      (platforms ?? all).flatMap((platform) =>
        name === undefined || platform === undefined ? [] : [{ name, version, platform, path }],
      ),
    );
}

function filesOf(list: AskedList) {
  return componentsOf(list).flatMap(({ item, path }) => entries(item.files, [...path, 'files']));
}

function componentsOf({ components }: AskedList) {
  return entries(components, ['components']);
}
