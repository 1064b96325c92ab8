import { link, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeRepository } from '../../../src/build/packages/make-repository.ts';
import { packageKeyFiles } from '../../../src/build/packages/package-keys.ts';
import { provePackages } from '../../../src/build/packages/prove-packages.ts';
import { resolvePackages } from '../../../src/build/packages/resolve-packages.ts';
import type { ResolvedPlatform } from '../../../src/build/packages/resolved-platform.ts';
import { buildPlan } from '../../../src/release/build-plan.ts';
import { loadMirrors, loadRelease } from '../../../src/release/load.ts';
import { buildContext, keptReport } from '../build/build-context.ts';
import { signerOf } from '../build/signer-of.ts';
import type { TestRelease } from '../release/release.ts';
import { RELEASE_TIME } from '../release/release-time.ts';
import { withSigner } from '../release/signing-key.ts';
import { SHIPPED_LIST, writeMirrors } from '../release-mirrors.ts';

/** Packages of one platform in a folder as they lie on a disc. */
export interface PackageDisc {
  /** Has `packages/` in it. */
  readonly directory: string;
  readonly resolved: ResolvedPlatform;
  /** Fingerprints of the keys in `packages/keys`. */
  readonly keys: readonly string[];
}

/** Builds the packages of the list that ships, for one platform, from a test release, into a folder of `work`. */
export async function packageDisc(
  release: TestRelease,
  { platform, work }: { readonly platform: string; readonly work: string },
  report: (line: string) => void,
): Promise<PackageDisc> {
  const mirrors = join(work, 'mirrors.yaml');
  await writeMirrors(release, mirrors);
  const { release: list } = await loadRelease(SHIPPED_LIST);
  const plan = buildPlan(list, await loadMirrors(mirrors), undefined);
  const planned = plan.platforms.find((each) => each.platform.name === platform);
  if (planned === undefined) throw new Error(`the list that ships has no platform ${platform}`);
  return withSigner(report, async ({ env, fingerprint }) => {
    const context = buildContext(join(work, 'cache'), { env: { ...process.env, ...env }, epoch: RELEASE_TIME });
    const signer = await signerOf(fingerprint, { epoch: RELEASE_TIME, env: context.env });
    const resolved = await resolvePackages({ ...planned, signer }, context, keptReport());
    const repository = await makeRepository(resolved, signer, context, keptReport());
    await provePackages({ resolved, repository, signer }, context, keptReport());
    const keyFiles = packageKeyFiles([resolved], signer);
    const directory = join(work, 'disc');
    for (const { path, source } of [...repository.files, ...keyFiles]) {
      const file = join(directory, path);
      await mkdir(dirname(file), { recursive: true });
      if ('content' in source) await writeFile(file, source.content);
      else await link(source.file, file);
    }
    return { directory, resolved, keys: [...new Set([fingerprint, ...resolved.keys.map((key) => key.fingerprint)])] };
  });
}
