import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DiscFile } from '../../disc/disc-file.ts';
import { discPaths } from '../../disc/paths.ts';
import { sha256Of } from '../../disc/sha256-of.ts';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { StepReport } from '../../events/step-report.ts';
import type { Catalogue, Digest } from '../../registry/catalogue.ts';
import { archiveConfiguration, type RegistryFile, type RegistryTemplates } from '../../registry/nginx-configuration.ts';
import type { BuildContext } from '../build-context.ts';
import { memo } from '../memo.ts';
import { requireTools } from '../tools.ts';
import { askRegistry } from './ask-registry.ts';
import { startNginx } from './nginx.ts';
import { registryQuestions } from './registry-questions.ts';

export interface RegistryProof {
  /** Product version, by which packages are served. */
  readonly version: string;
  readonly catalogue: Catalogue;
  /** The files of the disc's image layout, as it will carry them. */
  readonly layout: readonly DiscFile[];
  readonly templates: RegistryTemplates;
}

/** Counts up when other questions are asked, so that older proofs do not count. */
const QUESTIONS = 1;

const SOCKET = 'registry.sock';
const MOST_SHOWN = 10;

/**
 * Proves that nginx serves the disc: with the disc's own tables and locations, over the disc's own files, a real nginx is asked for every
 * tag, manifest and blob. A proof is kept, and not made again for the same catalogue, configuration and nginx.
 * Throws a `STEP_FAILED` with the first wrong answers, a `PREFLIGHT_FAILED` where nginx or setpriv is not installed.
 */
export async function proveRegistry(proof: RegistryProof, context: BuildContext, report: StepReport): Promise<void> {
  const { version, catalogue, layout, templates } = proof;
  const archive = { name: version, catalogue, blobs: discPaths.blobs, packages: discPaths.packages };
  const carried = archiveConfiguration(archive, templates);
  const served = archiveConfiguration(archive, templates, { listen: [{ socket: SOCKET }], stateDirectory: '.' });
  const { nginx = 'unknown' } = await requireTools(['nginx', 'setpriv'], context);
  let made = false;
  await memo(context.cache, {
    kind: 'registry-proof',
    inputs: {
      questions: QUESTIONS,
      nginx,
      configuration: [...carried, ...served].map(({ path, content }) => [path, sha256Of(content)]),
      catalogue: sha256Of(JSON.stringify(catalogue)),
      layout: layout
        .map(({ path, source }) => [path, 'file' in source ? source.sha256 : sha256Of(source.content)])
        .sort(),
    },
    make: async (directory) => {
      made = true;
      const disc = join(directory, 'disc');
      await layOut(disc, layout, served);
      const requests = await ask({ disc, proof }, context, report);
      await rm(disc, { recursive: true });
      await writeFile(join(directory, 'proof.json'), `${JSON.stringify({ requests })}\n`);
    },
  });
  if (!made) report.unchanged();
}

/** The part of the disc that nginx serves, with links for what lies in the cache. */
async function layOut(disc: string, layout: readonly DiscFile[], registry: readonly RegistryFile[]): Promise<void> {
  await mkdir(join(disc, discPaths.blobs), { recursive: true });
  await mkdir(join(disc, discPaths.registry), { recursive: true });
  for (const { path, source } of layout) {
    await mkdir(dirname(join(disc, path)), { recursive: true });
    if ('file' in source) await symlink(source.file, join(disc, path));
    else await writeFile(join(disc, path), source.content);
  }
  for (const { path, content } of registry) await writeFile(join(disc, discPaths.registry, path), content);
}

/** How many questions were asked and rightly answered. */
async function ask(
  { disc, proof }: { readonly disc: string; readonly proof: RegistryProof },
  context: BuildContext,
  report: StepReport,
): Promise<number> {
  const questions = registryQuestions(proof.catalogue, sizesOf(proof.layout));
  const nginx = await startNginx(
    { directory: disc, configuration: `${discPaths.registry}/nginx.conf`, socket: SOCKET },
    context,
  );
  try {
    const wrong = await askRegistry(questions, { socket: nginx.socket, stop: context.stop, report });
    if (wrong.length > 0) throw notServed(wrong, nginx.log());
  } finally {
    await nginx.stop();
  }
  return questions.length;
}

function sizesOf(layout: readonly DiscFile[]): Map<Digest, number> {
  const prefix = `${discPaths.blobs}/`;
  return new Map(
    layout
      .filter(({ path }) => path.startsWith(prefix))
      .map(({ path, source }) => [
        `sha256:${path.slice(prefix.length)}`,
        'file' in source ? source.size : source.content.length,
      ]),
  );
}

function notServed(wrong: readonly string[], log: string): MetalK8sError {
  const rest = wrong.length - MOST_SHOWN;
  const shown = [...wrong.slice(0, MOST_SHOWN), ...(rest > 0 ? [`and ${rest} more`] : [])];
  return new MetalK8sError('STEP_FAILED', ['nginx does not serve the images of the disc:', ...shown].join('\n'), {
    hint: 'When a blob is missing, clear the cache and build again. Otherwise this is a defect of metalk8s: keep this report.',
    ...(log === '' ? {} : { cause: new Error(log) }),
  });
}
