import type { Incomplete, Rule, RuleProblem } from '../../documents/rule.ts';
import type { ReleaseLock } from '../release.types.ts';
import { duplicates, entries } from './duplicates.ts';

type AskedLock = Incomplete<ReleaseLock>;

export const lockRules: readonly Rule<AskedLock>[] = [
  { name: 'duplicate-image', check: duplicateImage },
  { name: 'duplicate-child', check: duplicateChild },
  { name: 'duplicate-package', check: duplicatePackage },
  { name: 'duplicate-file', check: duplicateFile },
];

function duplicateImage({ images }: AskedLock): RuleProblem[] {
  return duplicates(
    entries(images, ['images']).map(({ item, path }) => ({ value: item.reference, path: [...path, 'reference'] })),
  );
}

function duplicateChild({ images }: AskedLock): RuleProblem[] {
  return entries(images, ['images']).flatMap(({ item, path }) =>
    duplicates(
      entries(item.children, [...path, 'children']).map((child) => ({ value: child.item.digest, path: child.path })),
    ),
  );
}

/** A host can have one package of a name and architecture. */
function duplicatePackage({ packages }: AskedLock): RuleProblem[] {
  return duplicates(
    entries(packages, ['packages']).map(({ item: { platform, name, arch }, path }) => ({
      value: platform && name && arch && `${platform} ${name} ${arch}`,
      path: [...path, 'name'],
    })),
  );
}

function duplicateFile({ files }: AskedLock): RuleProblem[] {
  return duplicates(entries(files, ['files']).map(({ item, path }) => ({ value: item.url, path: [...path, 'url'] })));
}
