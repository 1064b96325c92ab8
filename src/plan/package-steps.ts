import { discPaths } from '../disc/paths.ts';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { exactPackage } from '../packages/nevra.ts';
import { installArguments, repositoryId } from '../packages/render-repository-file.ts';
import { parseReference } from '../registry/reference.ts';
import type { ArchiveDescription } from '../release/archive-description.ts';
import { archiveMountPoint } from '../salt/archive-mounts.ts';
import type { Step } from './plan.ts';
import type { PlannedNode } from './planned-node.ts';

/** The package that keeps all the others as they are from then on. */
const SALT = 'salt-minion';

/**
 * Salt and what Salt would install, from the archive, in one transaction. Throws a `RELEASE_INVALID` for an archive without a Salt for the
 * platform.
 */
export function installPackagesStep(
  { node, salt }: PlannedNode,
  { version, packages }: ArchiveDescription,
  platform: string,
): Step {
  const { installed, held } = salt.pillar.metalk8s.packages;
  const inOneVersion = new Set([SALT, ...held.map(({ name }) => name)]);
  const exact = packages.filter((each) => each.platform === platform && inOneVersion.has(each.name));
  if (!exact.some(({ name }) => name === SALT)) {
    throw new MetalK8sError('RELEASE_INVALID', `The archive ${version} has no package ${SALT} for ${platform}`, {
      hint: 'Take an archive that was built for the platform of this host.',
    });
  }
  return {
    id: 'install-packages',
    host: node.nodeName,
    kind: 'install-packages',
    title: 'Install the packages of the node, Salt among them',
    reason: 'Salt brings the host to its state from here on, and finds them there',
    disrupts: null,
    repository: repositoryId(version),
    packages: exact.map(exactPackage),
    anyVersion: installed,
    command: ['dnf', ...installArguments(version, [])],
  };
}

/** The images without which no registry runs: those of pods' sandboxes and of nginx. */
export function seedImagesStep({ node }: PlannedNode, { version, lock }: ArchiveDescription): Step {
  const { pause, nginx } = node.cluster.images;
  const images = [pause, nginx].map((wanted) => {
    const image = lock.images.find(({ reference, digest }) => {
      const { host, name } = parseReference(reference, 'the lock of the release');
      return reference === wanted || `${host}/${name}@${digest}` === wanted;
    });
    if (image !== undefined) return { reference: image.reference, digest: image.digest };
    throw new MetalK8sError('RELEASE_INVALID', `The archive ${version} has no image ${wanted}`);
  });
  return {
    id: 'import-seed-images',
    host: node.nodeName,
    kind: 'import-images',
    title: 'Bring the images of the registry into containerd',
    reason: 'they cannot be pulled from a registry that does not run yet',
    disrupts: null,
    layout: `${archiveMountPoint(version)}/${discPaths.images}`,
    images,
  };
}
