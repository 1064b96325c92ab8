import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { Nevra } from '../../packages/nevra.ts';
import { type Resolution, readResolution } from '../../packages/read-resolution.ts';
import type { BuildContext } from '../build-context.ts';
import { type DnfRun, succeedDnf } from './run-dnf.ts';

/** A package by name; by name and version; or exactly. */
export type WantedPackage = { readonly name: string; readonly version?: string } | Nevra;

export interface ResolutionRequest {
  readonly wanted: readonly WantedPackage[];
  /** When given, nothing else is taken from the repositories. */
  readonly only?: readonly Nevra[];
  /** Whether another package that provides a name will do. */
  readonly providers: boolean;
}

/** Asks dnf what the installation of some packages would bring; it installs nothing. Throws what `failure` makes of dnf's words. */
export async function resolveWithDnf(
  request: ResolutionRequest,
  run: Omit<DnfRun, 'command'>,
  context: Pick<BuildContext, 'env' | 'stop'>,
  failure: (reasons: string) => MetalK8sError,
): Promise<Resolution> {
  const [question, answer] = [join(run.work, 'request.json'), join(run.work, 'answer.json')];
  await writeFile(question, JSON.stringify(request));
  await succeedDnf({ ...run, command: ['metalk8s-resolve', question, answer] }, context, failure);
  return readResolution(await readFile(answer, 'utf8'), run.platform.name);
}
