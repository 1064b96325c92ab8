import type { Host } from '../../hosts/host.ts';
import type { StepContext } from '../step-handler.ts';
import { runChecked } from './run-checked.ts';

/** Notes which packages and public keys a host has, before the first transaction that is ours. */
export async function notePackagesBefore({
  host,
  possessions,
}: Pick<StepContext, 'host' | 'possessions'>): Promise<void> {
  const noted = new Set(possessions.list().map(({ what }) => what));
  if (noted.has('packages-before') && noted.has('rpm-keys-before')) return;
  const keys = await query(host, '%{NAME}-%{VERSION}-%{RELEASE}\\n', ['gpg-pubkey']);
  await possessions.add([
    { what: 'packages-before', packages: await installedPackages(host) },
    { what: 'rpm-keys-before', keys },
  ]);
}

/** What is installed, as `NAME-EPOCH:VERSION-RELEASE.ARCH`, sorted; public keys, which RPM keeps among the packages, are none. */
export async function installedPackages(host: Host): Promise<readonly string[]> {
  const all = await query(host, '%{NAME}-%{EPOCHNUM}:%{VERSION}-%{RELEASE}.%{ARCH}\\n', []);
  return all.filter((line) => !line.startsWith('gpg-pubkey-'));
}

async function query(host: Host, format: string, names: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await runChecked(host, ['rpm', '--query', '--all', `--queryformat=${format}`, ...names], {
    message: 'RPM cannot tell what is installed',
    hint: 'Mend its database, which is described in rpmdb(8): rpmdb --verifydb; rpmdb --rebuilddb. Then run again.',
  });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}
