import { DISC_MOUNT, VENDOR_REPOSITORY } from '../cluster/bootstrap-ground.ts';
import type { TestHost } from '../hosts/host.ts';
import { secondsOf } from './seconds-of.ts';

/** Seconds of one `dnf install` of the packages, from a copy of the disc's repository on the host's disk, with the same checks. */
export async function dnfSeconds(host: TestHost, packages: readonly string[]): Promise<number> {
  const repository = `[bench]
name=The disc
baseurl=file:///root/packages/el9-x86_64
gpgkey=KEYS
gpgcheck=1
repo_gpgcheck=1
`;
  const script = `cp --recursive ${DISC_MOUNT}/packages /root/packages
keys=$(printf 'file://%s ' /root/packages/keys/*.asc)
sed "s#KEYS#$keys#" >/etc/yum.repos.d/bench.repo`;
  await host.run({ script }, { input: repository });
  const options = ['--assumeyes', '--quiet', '--setopt=install_weak_deps=False', `--disablerepo=${VENDOR_REPOSITORY}`];
  return secondsOf(() => host.run(['dnf', 'install', ...options, '--', ...packages]));
}
