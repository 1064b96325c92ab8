import type { Host } from '../hosts/host.ts';
import { runChecked } from './run-checked.ts';

/** The way out where RPM does not answer. */
export const MEND_DATABASE =
  'Mend its database, which is described in rpmdb(8): rpmdb --verifydb; rpmdb --rebuilddb. Then run again.';

/** What is installed, as `NAME-EPOCH:VERSION-RELEASE.ARCH`, sorted; public keys, which RPM keeps among the packages, are none. Throws where RPM fails. */
export async function installedPackages(host: Host): Promise<readonly string[]> {
  const all = await query(host, '%{NAME}-%{EPOCHNUM}:%{VERSION}-%{RELEASE}.%{ARCH}\\n', []);
  return all.filter((line) => !line.startsWith('gpg-pubkey-'));
}

/** Public keys that RPM trusts, sorted: `gpg-pubkey-702d426d-350d275d`. Throws where RPM fails. */
export function rpmKeysOf(host: Host): Promise<readonly string[]> {
  return query(host, '%{NAME}-%{VERSION}-%{RELEASE}\\n', ['gpg-pubkey']);
}

/** Of all packages, so that it is no failure where there is none of these names. */
async function query(host: Host, format: string, names: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await runChecked(host, ['rpm', '--query', '--all', `--queryformat=${format}`, ...names], {
    message: 'RPM cannot tell what is installed',
    hint: MEND_DATABASE,
  });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}
