import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredSource } from '../../disc/disc-file.ts';
import { type Nevra, rpmFileName } from '../../packages/nevra.ts';
import type { BuildContext } from '../build-context.ts';
import { contentOf } from '../files/file-cache.ts';
import { memo } from '../memo.ts';
import { runTool } from '../run-tool.ts';
import type { Signer } from '../signer.ts';
import { pathOf, tools } from '../tools.ts';
import { toolVersions } from './tool-versions.ts';
import { verifyPackages } from './verify-packages.ts';

/**
 * A copy of an RPM file with our signature in it, and no other. It is dated at the build's epoch: equal input gives equal bytes.
 */
export async function signPackage(
  { claim, stored }: { readonly claim: Nevra; readonly stored: StoredSource },
  signer: Signer,
  context: BuildContext,
): Promise<StoredSource> {
  const { cache, epoch, env, stop } = context;
  const name = rpmFileName(claim);
  const inputs = { sha256: stored.sha256, key: signer.fingerprint, epoch, tools: await toolVersions(context) };
  const make = async (directory: string) => {
    const file = join(directory, name);
    await copyFile(stored.file, file);
    await signer.withGnupg(async (gnupg) => {
      const macros = {
        // rpm takes a path alone, and its own default is not there on every system. Whoever signs has gpg: the signer ran it.
        __gpg: (await pathOf(tools.gpg, env)) ?? tools.gpg.program,
        _gpg_name: gnupg.localUser,
        _gpg_sign_cmd_extra_args: gnupg.arguments.join(' '),
      };
      const options = Object.entries(macros).flatMap(([macro, value]) => ['--define', `${macro} ${value}`]);
      await runTool(tools.rpmsign, { arguments: ['--addsign', ...options, file], env: { ...env, ...gnupg.env }, stop });
    });
    const keys = [{ fingerprint: signer.fingerprint, ...signer.publicKey }];
    const signed = { file, ...(await contentOf(file)) };
    await verifyPackages({ repository: 'the disc', packages: [{ claim, stored: signed }], keys }, context);
  };
  const file = join(await memo(cache, { kind: 'signed-packages', inputs, make }), name);
  return { file, ...(await contentOf(file)) };
}
