import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredSource } from '../../disc/disc-file.ts';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import { exactPackage, type Nevra, nevraText } from '../../packages/nevra.ts';
import { headerFormat, type RpmHeader, readHeaders } from '../../packages/read-headers.ts';
import type { BuildContext } from '../build-context.ts';
import { runTool, tryTool } from '../run-tool.ts';
import { tools } from '../tools.ts';
import { inWorkFolder } from '../work-folder.ts';
import type { TrustedKey } from './trusted-keys.ts';

/** An RPM file, and what it ought to be. */
interface ClaimedPackage {
  readonly claim: Nevra;
  readonly stored: StoredSource;
}

export interface Verification {
  /** Id of their repository, for messages. */
  readonly repository: string;
  readonly packages: readonly ClaimedPackage[];
  /** The only keys whose signatures count; without any, digests alone are verified. */
  readonly keys: readonly TrustedKey[];
}

/**
 * Verifies RPM files in a keyring that has the given keys and no other: every signature and digest of header and payload, and that the header
 * says what was asked for. Their headers, in order. Throws a `VERIFICATION_FAILED` that names the package.
 */
export async function verifyPackages(
  { repository, packages, keys }: Verification,
  { cache, env, stop }: Pick<BuildContext, 'cache' | 'env' | 'stop'>,
): Promise<RpmHeader[]> {
  return inWorkFolder(cache, async (work) => {
    const run = { env: { ...env, HOME: work }, stop };
    const database = ['--dbpath', join(work, 'keyring')];
    const files = packages.map(({ stored }) => stored.file);
    const query = ['--query', '--package', '--nosignature', '--nodigest', '--queryformat', headerFormat, ...files];
    const { stdout } = await runTool(tools.rpm, { ...run, arguments: [...database, ...query] });
    const headers = readHeaders(Buffer.from(stdout).toString('utf8'), files.length);
    if (headers === undefined) throw unreadable(repository, packages);
    for (const [position, { claim }] of packages.entries()) {
      const header = headers[position];
      if (header === undefined || exactPackage(header) !== exactPackage(claim))
        throw another(claim, header, repository);
      if (keys.length > 0 && !header.signed) throw unsigned(claim, repository);
    }
    for (const { fingerprint, armoured } of keys) {
      const file = join(work, `${fingerprint}.asc`);
      await writeFile(file, armoured);
      await runTool(tools.rpmkeys, { ...run, arguments: [...database, '--import', file] });
    }
    const level = keys.length > 0 ? ['--define', '_pkgverify_level all'] : ['--nosignature'];
    const checking = { ...run, arguments: [...database, ...level, '--checksig', '--verbose', ...files] };
    const checked = await tryTool(tools.rpmkeys, checking);
    if (checked.exitCode !== 0) throw bad(Buffer.from(checked.stdout).toString('utf8'), { repository, packages, keys });
    return headers;
  });
}

function another(claim: Nevra, header: RpmHeader | undefined, repository: string): MetalK8sError {
  const found = header === undefined ? 'nothing' : nevraText(header);
  return new MetalK8sError(
    'VERIFICATION_FAILED',
    `A package of ${repository} is not what its metadata say: expected ${nevraText(claim)}, found ${found}`,
    { where: repository, hint: 'Ask whoever serves the repository.' },
  );
}

function unsigned(claim: Nevra, repository: string): MetalK8sError {
  return new MetalK8sError('VERIFICATION_FAILED', `The package ${nevraText(claim)} is not signed`, {
    where: repository,
    hint: 'Take it from a repository that signs it. When upstream signs nothing, write signedByUs: true: then we sign it for the disc.',
  });
}

function unreadable(repository: string, packages: readonly ClaimedPackage[]): MetalK8sError {
  return new MetalK8sError('VERIFICATION_FAILED', `Packages of ${repository} have headers that cannot be`, {
    where: packages.map(({ claim }) => nevraText(claim)).join(', '),
    hint: 'Ask whoever serves the repository.',
  });
}

/** rpmkeys prints the name of a file, then a line for each signature and digest. */
function bad(text: string, { repository, packages, keys }: Verification): MetalK8sError {
  const lines = text.split('\n');
  const failed = lines.findIndex((line) => /^\s/.test(line) && !/: OK$/.test(line) && line.trim() !== '');
  const file = lines.slice(0, Math.max(0, failed)).findLast((line) => /^\S.*:$/.test(line));
  const claim = packages.find(({ stored }) => `${stored.file}:` === file)?.claim;
  const which = claim === undefined ? 'A package' : `The package ${nevraText(claim)}`;
  const by = keys.length > 0 ? ` by the keys of ${repository}` : '';
  return new MetalK8sError(
    'VERIFICATION_FAILED',
    `${which} cannot be verified${by}: ${(lines[failed] ?? text).trim()}`,
    {
      where: repository,
      hint: `Its key must be one of ${keys.map(({ fingerprint }) => fingerprint).join(', ') || 'none'}. When upstream has a new key, add it to the release list.`,
      cause: new Error(text.trim()),
    },
  );
}
