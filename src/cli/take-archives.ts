import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type TakenArchive, type TakeOptions, takeArchive } from '../archive/take-archive.ts';
import type { Trust } from '../archive/trusted-keys.ts';
import type { VerifyStage } from '../archive/verified-archive.ts';
import { discPaths } from '../disc/paths.ts';
import { sha256Of } from '../disc/sha256-of.ts';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { Emit, StepSummary } from '../events/event.ts';
import { lookStep } from '../events/look-step.ts';

/** The steps of `takeArchives`, for who tells them beforehand. */
export function archiveSteps(paths: readonly string[]): readonly StepSummary[] {
  return paths.flatMap((path, index) => stages.map((stage) => archiveStep(path, index, stage)));
}

const titles: Readonly<Record<VerifyStage, string>> = {
  signature: 'signature',
  contents: 'every byte',
  files: 'files',
};

const stages: readonly VerifyStage[] = ['signature', 'contents', 'files'];

function archiveStep(path: string, index: number, stage: VerifyStage): StepSummary {
  return { id: `archives/${index + 1}/${stage}`, title: `Verify ${basename(path) || path}: ${titles[stage]}` };
}

export interface TakeArchivesOptions extends Trust, Pick<TakeOptions, 'wanted' | 'now'> {
  readonly emit: Emit;
  readonly stop: AbortSignal;
}

/** Verifies the archives of a configuration, one after another. Throws at the first one that nobody trusted has signed as it is, and a `USAGE` for a key that comes with one. */
export async function takeArchives(
  paths: readonly string[],
  { emit, stop, ...options }: TakeArchivesOptions,
): Promise<readonly TakenArchive[]> {
  const taken: TakenArchive[] = [];
  for (const [index, path] of paths.entries()) {
    const archive = await takeArchive(path, {
      ...options,
      stop,
      stage: (stage, work) => lookStep(archiveStep(path, index, stage), { emit, stop }, work),
    });
    for (const message of archive.signer.warnings) emit({ type: 'warning', message: `${path}: ${message}` });
    taken.push(archive);
  }
  return taken;
}

/**
 * The archive that is installed from: the one of the program's version. Where the program came from a disc, it has to be the same one. Throws a
 * `CONFIG_INVALID` that says what to write otherwise. `origin`: where the launcher lies that started the program.
 */
export async function installedArchive<Archive extends Pick<TakenArchive, 'description' | 'path' | 'sumsSha256'>>(
  archives: readonly Archive[],
  { version, origin, configuration }: { version: string; origin: string | undefined; configuration: string },
): Promise<Archive> {
  const where = `${configuration}: archives`;
  const archive = archives.find(({ description }) => description.version === version);
  if (archive === undefined) {
    const listed = archives.map(({ path, description }) => `${path} is of ${description.version}`).join(', ');
    throw new MetalK8sError(
      'CONFIG_INVALID',
      `no archive is of version ${version}, which this program is of: ${listed}`,
      {
        where,
        hint:
          origin === undefined
            ? `List the archive of version ${version}, or start the program of one that is listed: sh MOUNT/metalk8s bootstrap`
            : `List the disc that you started from as well, its ISO file or ${origin}; or mount one that is listed and start from there.`,
      },
    );
  }
  const started = origin === undefined ? undefined : await sumsAt(origin);
  if (started === undefined || started === archive.sumsSha256) return archive;
  throw new MetalK8sError(
    'CONFIG_INVALID',
    `${archive.path} is another disc of version ${version} than the one you started from`,
    {
      where,
      hint: `List the disc that you started from, its ISO file or ${origin}; or mount ${archive.path} and start from there.`,
    },
  );
}

/** Undefined: the disc was taken out. Its program runs from a copy. */
async function sumsAt(disc: string): Promise<string | undefined> {
  const content = await readFile(join(disc, discPaths.sums)).catch(() => undefined);
  return content === undefined ? undefined : sha256Of(content);
}
