import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inTemporaryDirectory } from '../temporary-directory.ts';
import { pip, withVenv } from './python.ts';

/** One distribution that pip chose, with the sha256 of each file that may be installed for it. */
export interface PinnedDistribution {
  readonly name: string;
  readonly version: string;
  readonly hashes: readonly string[];
  /** True for a wheel of one processor, which the other ones have another file for. */
  readonly compiled: boolean;
}

/** Wheels are pinned for both processors; `pip install` takes the one that fits. */
const PLATFORMS = ['x86_64', 'aarch64'];
/** Newest C libraries that wheels may ask for, each as pip's platform tag: Debian 12 has 2.36. */
const GLIBC = ['manylinux_2_34', 'manylinux_2_28', 'manylinux_2_17', 'manylinux2014', 'manylinux2010', 'manylinux1'];

/** Writes a requirements file, with hashes, of what some requirements such as `salt==3008.3` need today. */
export async function pinRequirements(requirements: readonly string[], file: string): Promise<void> {
  await inTemporaryDirectory(async (scratch) => {
    const report = join(scratch, 'report.json');
    const chosen = await withVenv(scratch, async (python) => {
      await pip(python, ['install', '--dry-run', '--ignore-installed', '--report', report, ...requirements]);
      const distributions = readReport(await readFile(report, 'utf8'));
      for (const platform of PLATFORMS) await downloadWheels(python, distributions, join(scratch, platform), platform);
      return distributions;
    });
    const files = await Promise.all(PLATFORMS.map((platform) => hashesIn(join(scratch, platform))));
    await writeFile(file, renderRequirements(requirements, addHashes(chosen, files.flat())));
  });
}

/** The distributions in a report of `pip install --report` (its format 1). */
export function readReport(text: string): readonly PinnedDistribution[] {
  const { install } = JSON.parse(text) as {
    install: {
      metadata: { name: string; version: string };
      download_info: { url: string; archive_info: { hashes: { sha256: string } } };
    }[];
  };
  return install.map(({ metadata, download_info }) => ({
    name: metadata.name,
    version: metadata.version,
    hashes: [download_info.archive_info.hashes.sha256],
    compiled: /(?<!-any)\.whl$/.test(download_info.url),
  }));
}

/** A file that pip downloaded, by its name. */
export interface DownloadedFile {
  readonly name: string;
  readonly sha256: string;
}

/** Adds the hashes of wheels to the distributions that they belong to: names compare as the packaging standards say. */
export function addHashes(
  distributions: readonly PinnedDistribution[],
  files: readonly DownloadedFile[],
): readonly PinnedDistribution[] {
  return distributions.map((distribution) => {
    const prefix = `${normal(distribution.name)}-${distribution.version}-`;
    const own = files.filter(({ name }) => {
      const [wheelName = '', version = ''] = name.split('-');
      return `${normal(wheelName)}-${version}-` === prefix;
    });
    const hashes = new Set([...distribution.hashes, ...own.map(({ sha256 }) => sha256)]);
    return { ...distribution, hashes: [...hashes].sort() };
  });
}

/** The text of a requirements file, sorted by name. */
export function renderRequirements(
  requirements: readonly string[],
  distributions: readonly PinnedDistribution[],
): string {
  const lines = [`# What ${requirements.join(' ')} need; written by: node test/support/release/main.ts pin`];
  for (const { name, version, hashes } of distributions.toSorted((a, b) =>
    normal(a.name) < normal(b.name) ? -1 : 1,
  )) {
    lines.push([`${name}==${version}`, ...hashes.map((hash) => `    --hash=sha256:${hash}`)].join(' \\\n'));
  }
  return `${lines.join('\n')}\n`;
}

async function downloadWheels(
  python: string,
  distributions: readonly PinnedDistribution[],
  directory: string,
  platform: string,
): Promise<void> {
  await mkdir(directory);
  const platforms = GLIBC.flatMap((tag) => ['--platform', `${tag}_${platform}`]);
  const compiled = distributions.filter((distribution) => distribution.compiled);
  if (compiled.length === 0) return;
  const options = ['--no-deps', '--only-binary', ':all:', '--dest', directory, ...platforms];
  await pip(python, ['download', ...options, ...compiled.map(({ name, version }) => `${name}==${version}`)]);
}

async function hashesIn(directory: string): Promise<readonly DownloadedFile[]> {
  const names = await readdir(directory);
  return Promise.all(
    names.map(async (name) => {
      const sha256 = createHash('sha256').update(await readFile(join(directory, name)));
      return { name, sha256: sha256.digest('hex') };
    }),
  );
}

function normal(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}
