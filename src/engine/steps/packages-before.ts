import { nameAndArchitecture } from '../../plan/what-is-ours.ts';
import { installedPackages, rpmKeysOf } from '../rpm-database.ts';
import type { StepContext } from '../step-handler.ts';

/** Notes which packages and public keys a host has, before the first transaction that is ours. */
export async function notePackagesBefore({
  host,
  possessions,
}: Pick<StepContext, 'host' | 'possessions'>): Promise<void> {
  const noted = new Set(possessions.list().map(({ what }) => what));
  if (noted.has('packages-before') && noted.has('rpm-keys-before')) return;
  await possessions.add([
    { what: 'packages-before', packages: await installedPackages(host) },
    { what: 'rpm-keys-before', keys: await rpmKeysOf(host) },
  ]);
}

/**
 * Whether the bytes of a file are those that a package has brought which was not there before our first transaction: what is so is not the host's
 * owner's.
 */
export async function isOfNewPackage(
  { path, sha256 }: { readonly path: string; readonly sha256: string },
  { host, possessions }: Pick<StepContext, 'host' | 'possessions'>,
): Promise<boolean> {
  const before = possessions.list().find(({ what }) => what === 'packages-before');
  if (before?.what !== 'packages-before') return false;
  const had = new Set(before.packages.map(nameAndArchitecture));
  const format = '[%{=NAME}.%{=ARCH} %{FILEDIGESTS} %{FILENAMES}\\n]';
  const { exitCode, stdout } = await host.run(['rpm', '--query', `--queryformat=${format}`, '--file', '--', path]);
  if (exitCode !== 0) return false;
  const lines = stdout.split('\n').filter((line) => line.endsWith(` ${sha256} ${path}`));
  return lines.some((line) => !had.has(line.slice(0, line.indexOf(' '))));
}
