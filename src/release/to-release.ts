import { nearest } from '../documents/nearest.ts';
import { shown } from '../documents/shown.ts';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { PackagePlatform, Release } from './release.ts';
import type { ReleaseList } from './release.types.ts';

/** What a valid list asks for, every component of it; `core` comes first. */
export function toRelease({ apiVersion: _, kind: __, ...list }: ReleaseList): Release {
  const packagePlatforms = list.packagePlatforms.map(
    (platform): PackagePlatform => ({
      ...platform,
      repositories: platform.repositories.map((repository) => ({
        ...repository,
        keys: repository.keys.map((key) => ({ ...key, fingerprint: key.fingerprint.toUpperCase() })),
      })),
    }),
  );
  const components = list.components.toSorted((a, b) => Number(b.name === 'core') - Number(a.name === 'core'));
  return { ...list, packagePlatforms, components };
}

/** The same release with these components and `core`. Throws USAGE for a name that the release does not have. */
export function chooseComponents(release: Release, names: readonly string[]): Release {
  const known = release.components.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const near = nearest(unknown, known);
    throw new MetalK8sError('USAGE', `${shown(unknown)} is no component of this release`, {
      where: '--components',
      hint: `${near === undefined ? '' : `Did you mean "${near}"? `}There are: ${known.join(', ')}.`,
    });
  }
  return { ...release, components: release.components.filter(({ name }) => name === 'core' || names.includes(name)) };
}
