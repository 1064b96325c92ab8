import { basename } from 'node:path';
import type { BuiltIso } from '../build/build-iso.ts';
import { sized } from '../events/words.ts';
import type { BuildPlan } from '../release/build-plan.ts';
import type { FileSource, ImageSource } from '../release/sources.ts';

/** What a build made, and what to do with it. */
export function builtIsoText(built: BuiltIso): string {
  const { outcome, output, size, sha256, parts, signingKey, lockFile } = built;
  const lines = [
    `${output}: ${outcome === 'written' ? 'written' : 'up to date'}, ${sized(size)}`,
    `  version     ${built.version} with Kubernetes ${built.kubernetes}: ${built.components.join(', ')}`,
    `  carries     ${built.images} images, ${built.packages} packages, ${built.files} upstream files`,
    `  sha256      ${sha256}`,
    `  signed by   ${signingKey ?? 'nobody: no host installs from it'}`,
    ...(lockFile === undefined ? [] : [`  pinned by   ${lockFile}`]),
    ...(parts === undefined ? [] : [`  join by     cat ${basename(output)}/*.iso.* > ${basename(output, '.parts')}`]),
    ...next(built),
  ];
  return `${lines.join('\n')}\n`;
}

function next({ signingKey, output, parts }: BuiltIso): string[] {
  if (signingKey === null || parts !== undefined) return [];
  return [
    '',
    'Carry it across, and the public key by another way:',
    `  gpg --export --armor ${signingKey} > release.asc`,
    `  metalk8s verify ${basename(output)} --trusted-key release.asc`,
  ];
}

/** What a build would fetch, and from where. */
export function buildPlanText({ version, kubernetes, components, images, platforms, files }: BuildPlan): string {
  const lines = [
    `metalk8s ${version} with Kubernetes ${kubernetes}: ${components.join(', ')}`,
    '',
    `images (${images.length})`,
    ...images.map(({ reference, source, locked }) => line([reference, locked?.digest], imageFrom(source, reference))),
    ...platforms.flatMap(({ platform, repositories, packages }) => [
      '',
      `packages for ${platform.name} (${packages.length}, and what they require)`,
      `  ${packages.map(({ name, version: pinned }) => (pinned === undefined ? name : `${name}-${pinned}`)).join(' ')}`,
      ...repositories.map(({ id, url, source }) => line([`repository ${id}`], source.url === url ? url : source.url)),
    ]),
    '',
    `upstream files (${files.length})`,
    ...files.map(({ path, source }) => line([path], fileFrom(source))),
  ];
  return `${lines.join('\n')}\n`;
}

function line(what: readonly (string | undefined)[], from: string | undefined): string {
  const shown = what.filter((text) => text !== undefined).join(' ');
  return `  ${shown}${from === undefined ? '' : `\n      from ${from}`}`;
}

function imageFrom(source: ImageSource, reference: string): string | undefined {
  if (source.kind === 'layout') return source.directory;
  return source.reference === reference ? undefined : source.reference;
}

function fileFrom(source: FileSource): string {
  return source.kind === 'file' ? source.path : source.url;
}
