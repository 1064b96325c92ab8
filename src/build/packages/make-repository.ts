import { copyFile, link, mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiscFile } from '../../disc/disc-file.ts';
import { packagesPath } from '../../disc/paths.ts';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { StepReport } from '../../events/step-report.ts';
import { exactPackage, nevraText, rpmFileName } from '../../packages/nevra.ts';
import type { BuildContext } from '../build-context.ts';
import { contentOf } from '../files/file-cache.ts';
import { memo } from '../memo.ts';
import { runTool } from '../run-tool.ts';
import type { Signer } from '../signer.ts';
import { tools } from '../tools.ts';
import type { ResolvedPackage, ResolvedPlatform } from './resolved-platform.ts';
import { toolVersions } from './tool-versions.ts';

/** A platform's repository as it goes on the disc. */
export interface DiscRepository {
  /** Folder of the cache that holds it as the disc will, for proofs. Nobody may write there. */
  readonly directory: string;
  /** SHA-256 of its `repomd.xml`, which names everything else by checksum. */
  readonly state: string;
  /** Whether `repomd.xml` is signed. */
  readonly signed: boolean;
  /** Sorted by path. */
  readonly files: readonly DiscFile[];
}

/**
 * Makes the RPM repository of a platform: packages, metadata that dnf of Enterprise Linux 8 reads, and the signature over them. Its bytes
 * depend on the packages, the build's epoch, the key, and the version of createrepo_c alone.
 */
export async function makeRepository(
  { platform, packages }: Pick<ResolvedPlatform, 'platform' | 'packages'>,
  signer: Signer | undefined,
  context: BuildContext,
  report: StepReport,
): Promise<DiscRepository> {
  refuseEqualNames(packages);
  const inputs = {
    platform: platform.name,
    packages: packages.map(({ header, stored }) => [exactPackage(header), stored.sha256, header.buildTime]),
    epoch: context.epoch,
    key: signer?.fingerprint ?? 'none',
    tools: await toolVersions(context),
  };
  let made = false;
  const make = async (directory: string) => {
    made = true;
    report.output(`${platform.name}: createrepo_c describes ${packages.length} packages`);
    for (const each of packages) await place(each, directory);
    await describe(directory, context);
    const described = join(directory, 'repodata/repomd.xml');
    if (signer !== undefined) await writeFile(`${described}.asc`, await signer.sign(await readFile(described)));
    await writeFile(join(directory, INDEX), JSON.stringify(await metadataFiles(directory)));
  };
  const directory = await memo(context.cache, { kind: 'package-repositories', inputs, make });
  if (!made) report.unchanged();
  const metadata = JSON.parse(await readFile(join(directory, INDEX), 'utf8')) as MetadataFile[];
  const state = metadata.find(({ path }) => path === 'repodata/repomd.xml')?.sha256;
  if (state === undefined) throw new MetalK8sError('INTERNAL', 'createrepo_c made no repomd.xml');
  const content: MetadataFile[] = [
    ...packages.map(({ header, stored: { sha256, size } }) => ({ path: rpmFileName(header), sha256, size })),
    ...metadata,
  ];
  const files = content
    .map(({ path, sha256, size }) => ({
      path: `${packagesPath(platform.name)}/${path}`,
      source: { file: join(directory, path), sha256, size },
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return { directory, state, signed: signer !== undefined, files };
}

interface MetadataFile {
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
}

/** Not part of the repository. */
const INDEX = '.metadata.json';

/**
 * The file itself, not a copy of its bytes. createrepo_c writes its date into the metadata, so that it gets one that depends on the
 * package alone.
 */
async function place({ header, stored }: ResolvedPackage, directory: string): Promise<void> {
  const path = join(directory, rpmFileName(header));
  await link(stored.file, path).catch(() => copyFile(stored.file, path));
  await utimes(path, header.buildTime, header.buildTime);
}

async function describe(directory: string, { env, stop, epoch, concurrency }: BuildContext): Promise<void> {
  await mkdir(join(directory, 'repodata'));
  await runTool(tools.createrepo_c, {
    arguments: [
      '--quiet',
      '--no-database',
      '--checksum=sha256',
      '--general-compress-type=gz',
      `--revision=${epoch}`,
      '--set-timestamp-to-revision',
      `--workers=${Math.max(1, concurrency)}`,
      directory,
    ],
    env: { ...env, SOURCE_DATE_EPOCH: String(epoch) },
    stop,
  });
}

async function metadataFiles(directory: string): Promise<MetadataFile[]> {
  const names = (await readdir(join(directory, 'repodata'))).sort();
  return Promise.all(
    names.map(async (name) => ({ path: `repodata/${name}`, ...(await contentOf(join(directory, 'repodata', name))) })),
  );
}

/** The name of a file lacks the epoch. */
function refuseEqualNames(packages: readonly ResolvedPackage[]): void {
  for (const [name, same] of Map.groupBy(packages, ({ header }) => rpmFileName(header))) {
    if (same.length === 1) continue;
    const all = same.map(({ header }) => nevraText(header)).join(' and ');
    throw new MetalK8sError('RELEASE_INVALID', `Two packages have the file name ${name}: ${all}`, {
      hint: 'Ask for one version of it alone.',
    });
  }
}
