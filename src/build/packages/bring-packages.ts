import { readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { StoredSource } from '../../disc/disc-file.ts';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { StepReport } from '../../events/step-report.ts';
import { nevraOf } from '../../packages/nevra.ts';
import type { RpmHeader } from '../../packages/read-headers.ts';
import type { AvailablePackage } from '../../packages/read-resolution.ts';
import type { BuildContext } from '../build-context.ts';
import { memo } from '../memo.ts';
import type { Signer } from '../signer.ts';
import type { Closure } from './cached-closure.ts';
import { fetchAll, sourceAt } from './fetch-all.ts';
import type { ResolvedPackage } from './resolved-platform.ts';
import { signPackage } from './sign-package.ts';
import { toolVersions } from './tool-versions.ts';
import type { UpstreamRepository } from './upstream-repository.ts';
import { verifyPackages } from './verify-packages.ts';

export type BroughtPackage = Pick<ResolvedPackage, 'stored' | 'signedByUs' | 'header'>;

interface Bringing {
  readonly closure: Pick<Closure, 'packages'>;
  readonly repositories: readonly UpstreamRepository[];
  readonly signer?: Signer;
}

/** Brings the packages of a closure into the cache, verifies them, and signs those that are to be signed by us. In their order. */
export async function bringPackages(
  { closure: { packages }, repositories, signer }: Bringing,
  context: BuildContext,
  report: StepReport,
): Promise<BroughtPackage[]> {
  const groups = Map.groupBy(packages, ({ repository }) => repository);
  const brought = new Map<AvailablePackage, BroughtPackage>();
  for (const repository of repositories) {
    const own = groups.get(repository.id) ?? [];
    if (repository.signedByUs && signer === undefined && own.length > 0) throw unsignable(repository.id, own);
    const verified = own.length === 0 ? [] : await verifiedPackages(own, repository, context, report);
    for (const [position, each] of own.entries()) {
      const there = verified[position];
      if (there === undefined) throw new MetalK8sError('INTERNAL', `${each.name} was not verified`);
      const { stored, header } = there;
      const { signedByUs } = repository;
      const signed =
        signedByUs && signer !== undefined ? await signPackage({ claim: each, stored }, signer, context) : stored;
      brought.set(each, { stored: signed, signedByUs, header });
    }
  }
  return packages.map((each) => {
    const found = brought.get(each);
    if (found === undefined) throw new MetalK8sError('INTERNAL', `${each.name} is from no repository of the platform`);
    return found;
  });
}

interface VerifiedPackage {
  readonly stored: StoredSource;
  readonly header: RpmHeader;
}

/** Verification is remembered by what was verified; that the files are still there is looked at each time. */
async function verifiedPackages(
  packages: readonly AvailablePackage[],
  { id, url, keys, signedByUs }: UpstreamRepository,
  context: BuildContext,
  report: StepReport,
): Promise<VerifiedPackage[]> {
  const { cache } = context;
  const inputs = {
    packages: packages.map((each) => ({ ...nevraOf(each), sha256: each.sha256 })),
    keys: signedByUs ? [] : keys.map(({ armoured }) => Buffer.from(armoured).toString()),
    tools: await toolVersions(context),
  };
  for (const each of packages) refuseElsewhere(each, url);
  const fetch = () =>
    fetchAll(
      packages.map((each) => ({
        url: each.url,
        source: sourceAt(each.url),
        pin: { sha256: each.sha256, size: each.size, by: `the metadata of ${id}` },
      })),
      context,
      report,
    );
  const make = async (directory: string) => {
    const stored = await fetch();
    const claimed = packages.map((each, position) => ({ claim: each, stored: stored[position] as StoredSource }));
    const headers = await verifyPackages({ repository: id, packages: claimed, keys: signedByUs ? [] : keys }, context);
    const record = stored.map(({ file, ...content }, position) => ({
      stored: { file: relative(cache, file), ...content },
      header: headers[position],
    }));
    await writeFile(join(directory, VERIFIED), JSON.stringify(record));
  };
  const directory = await memo(cache, { kind: 'verified-packages', inputs, make });
  const record = JSON.parse(await readFile(join(directory, VERIFIED), 'utf8')) as VerifiedPackage[];
  const verified = record.map(({ stored, header }) => ({
    stored: { ...stored, file: join(cache, stored.file) },
    header,
  }));
  const there = await Promise.all(verified.map(({ stored }) => isThere(stored)));
  if (there.every(Boolean)) return verified;
  const again = await fetch();
  return verified.map(({ header }, position) => ({ stored: again[position] as StoredSource, header }));
}

const VERIFIED = 'verified.json';

/** Whoever writes the disc reads its bytes again, and compares. */
async function isThere({ file, size }: StoredSource): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() === true && found.size === size;
}

/** Metadata may name packages at any address, be it a file of this machine. */
function refuseElsewhere({ url, name, repository }: AvailablePackage, base: string): void {
  if (new URL(url).href.startsWith(new URL(base).href)) return;
  throw new MetalK8sError('VERIFICATION_FAILED', `The metadata of ${repository} lead elsewhere for ${name}: ${url}`, {
    where: base,
    hint: 'A repository has to have its packages below its own address.',
  });
}

function unsignable(repository: string, packages: readonly AvailablePackage[]): MetalK8sError {
  const names = packages.map(({ name }) => name).join(', ');
  return new MetalK8sError('RELEASE_INVALID', `Nobody signs ${names} of ${repository}`, {
    where: repository,
    hint: 'Upstream does not sign these packages, so that the disc has to: build with --signing-key.',
  });
}
