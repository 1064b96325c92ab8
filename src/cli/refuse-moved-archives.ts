import type { TakenArchive } from '../archive/take-archive.ts';
import type { StepOf } from '../engine/step-handler.ts';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { HostFiles } from '../hosts/host.ts';
import type { Plan } from '../plan/plan.ts';
import { archiveMountPoint } from '../salt/archive-mounts.ts';

/**
 * Throws a `DIFFERS` for an archive that a stored plan reads where it does not lie any more. One that was copied to the host may lie anywhere by
 * now; one that the host mounts from where it was would be gone with the next start. `where`: for messages.
 */
export async function refuseMovedArchives(
  plan: Plan,
  archives: readonly Pick<TakenArchive, 'description' | 'sumsSha256' | 'path'>[],
  { files, where }: { readonly files: Pick<HostFiles, 'look'>; readonly where: string },
): Promise<void> {
  for (const { description, sumsSha256, path } of archives) {
    const { version } = description;
    const place = plan.steps.find(
      (step): step is StepOf<'place-archive'> => step.kind === 'place-archive' && step.sumsSha256 === sumsSha256,
    );
    const was = place === undefined ? mountedFrom(plan, version) : place.source;
    if (was === path || (place !== undefined && (await files.look(place.target)) !== undefined)) continue;
    throw new MetalK8sError(
      'DIFFERS',
      `bootstrap was begun with the archive ${version} at ${was}, and not at ${path}`,
      {
        where,
        hint:
          place === undefined
            ? `The host mounts it from there whenever it starts. Put it back, and name it there. To have it elsewhere: metalk8s reset, and begin anew.`
            : `It was not copied yet. Bring it back under that path, and name it there. To have it elsewhere: metalk8s reset, and begin anew.`,
      },
    );
  }
}

/** What a plan mounts for an archive: its unit says so; a folder that is its own mount point has none. */
function mountedFrom({ contents }: Plan, version: string): string {
  const point = archiveMountPoint(version);
  const unit = Object.values(contents).find((text) => text.includes(`\nWhere=${point}\n`));
  return /^What=(.*)$/m.exec(unit ?? '')?.[1] ?? point;
}
