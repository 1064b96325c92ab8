import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import { lastLines } from '../../hosts/last-lines.ts';
import { mountsBelow } from '../leftovers/mounts.ts';
import { namespacesOfOthers } from '../leftovers/network-namespaces.ts';
import { PATIENCE } from '../patience.ts';
import type { StepHandler } from '../step-handler.ts';

/** What is busy, or does not answer, is taken out of the tree of folders all the same, and its file system let go when nobody uses it any more. */
export const unmountBelow: StepHandler<'unmount-below'> = async ({ paths }, { host }) => {
  const others = new Set(await namespacesOfOthers(host));
  const mounts = (await mountsBelow(host, paths)).filter((point) => !others.has(point));
  for (const point of mounts) {
    const { exitCode } = await host.run([...PATIENCE, 'umount', '--no-canonicalize', '--', point]);
    if (exitCode === 0) continue;
    const lazy = await host.run(['umount', '--no-canonicalize', '--lazy', '--', point]);
    if (lazy.exitCode !== 0 && (await mountsBelow(host, paths)).includes(point)) {
      throw new MetalK8sError('STEP_FAILED', 'It cannot be unmounted', {
        where: point,
        hint: `Unmount it by hand, then run again: umount ${point}`,
        cause: new Error(lastLines(lazy.stderr, 5)),
      });
    }
  }
  return { changed: mounts.length > 0 };
};
