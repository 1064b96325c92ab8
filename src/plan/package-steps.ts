import { discPaths } from '../disc/paths.ts';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { nevraText } from '../packages/nevra.ts';
import { installArguments, repositoryId } from '../packages/render-repository-file.ts';
import { parseReference } from '../registry/reference.ts';
import type { ArchiveDescription } from '../release/archive-description.ts';
import { archiveMountPoint } from '../salt/archive-mounts.ts';
import type { Step } from './plan.ts';
import type { PlannedNode } from './planned-node.ts';

/** The package that all the others are installed by. */
const SALT = 'salt-minion';

/** Salt itself, from the archive. Throws a `RELEASE_INVALID` for an archive without a Salt for the platform. */
export function installSaltStep(host: string, { version, packages }: ArchiveDescription, platform: string): Step {
  const salt = packages.filter((each) => each.platform === platform && each.name === SALT);
  if (salt.length === 0) {
    throw new MetalK8sError('RELEASE_INVALID', `The archive ${version} has no package ${SALT} for ${platform}`, {
      hint: 'Take an archive that was built for the platform of this host.',
    });
  }
  return {
    id: 'install-salt',
    host,
    kind: 'install-packages',
    title: 'Install Salt',
    reason: 'it brings the host to its state from here on',
    disrupts: null,
    repository: repositoryId(version),
    packages: salt.map(nevraText),
    command: ['dnf', ...installArguments(version, salt)],
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
