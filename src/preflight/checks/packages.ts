import { listed } from '../../events/words.ts';
import { knownConflicts } from '../../packages/known-conflicts.ts';
import type { CarriedPackage } from '../../release/archive-description.ts';
import { nodePackages, OF_ONE_VERSION } from '../../salt/node-packages.ts';
import type { Check, PreflightSubject } from '../check.ts';
import { installedOf } from '../look-up.ts';
import { fitsPackage } from '../package-patterns.ts';
import { isLockedOut } from '../version-locks.ts';

const rpmDatabase: Check = {
  name: 'rpm-database',
  title: 'whether the RPM database can be read',
  why: 'nothing can be installed, and what is there cannot be told',
  mend: 'See what `rpm -qa` says; `rpm --rebuilddb` mends most of it.',
  severity: 'error',
  inspect: ({ host }) => (host.packages.installed === null ? [{ found: 'rpm cannot list what is installed' }] : []),
};

const packageManagerBusy: Check = {
  name: 'package-manager-busy',
  title: 'whether somebody else is installing packages',
  why: 'the installation would wait for the other to end, and give up',
  mend: 'Wait until it has ended. If nothing runs any more, see what `dnf` says.',
  severity: 'error',
  // It may be what a killed run of ours has left at work: its steps wait for that.
  onlyFresh: true,
  inspect: ({ host }) =>
    host.packages.lockedBy === null
      ? []
      : [{ found: `${host.packages.lockedBy} holds the lock of the package manager` }],
};

function carriedPackages({ host, archive }: PreflightSubject): readonly CarriedPackage[] {
  return (archive?.packages ?? []).filter(({ platform }) => platform === host.platform);
}

/** Names of packages that would be installed on the host; without an archive to look at, those that have the same names in every release. */
function ownPackages(subject: PreflightSubject): readonly string[] {
  const carried = carriedPackages(subject);
  return [...(carried.length === 0 ? OF_ONE_VERSION : new Set(carried.map(({ name }) => name)))];
}

/** Of those, what dnf would be asked for: where any version does, one that is installed stays. */
function packagesToInstall(subject: PreflightSubject): readonly string[] {
  const there = new Set((subject.host.packages.installed ?? []).map(({ name }) => name));
  return ownPackages(subject).filter((name) => OF_ONE_VERSION.has(name) || !there.has(name));
}

const conflictingPackages: Check = {
  name: 'conflicting-packages',
  title: 'installed packages that cannot stay beside those of the release',
  why: 'dnf would refuse to install, or remove what nobody asked it to',
  mend: 'Remove them, if nothing on the host needs them.',
  severity: 'error',
  inspect(subject) {
    const own = ownPackages(subject);
    const isThere = (name: string) => installedOf(subject, [name]).length > 0;
    return knownConflicts
      .filter((conflict) => own.includes(conflict.package))
      .filter(({ onlyWith }) => onlyWith === undefined || isThere(onlyWith))
      .flatMap(({ host, why, remedy: mend }) =>
        installedOf(subject, [host]).map((found) => ({ found: `${found} is installed: ${why}`, mend })),
      );
  },
};

const CONTAINER_ENGINES = ['cri-o', 'docker', 'docker-ce', 'docker-ee', 'docker-engine', 'moby-engine'];

const containerEngines: Check = {
  name: 'container-engines',
  title: 'packages of other container engines',
  why: 'they bring a containerd and firewall rules of their own, and the kubelet may find two runtimes',
  mend: 'Remove them: `dnf remove NAME`.',
  severity: 'error',
  inspect: (subject) => installedOf(subject, CONTAINER_ENGINES).map((found) => ({ found: `${found} is installed` })),
};

const OTHER_KUBERNETES = ['k0s', 'k3s', 'microk8s', 'rke2'];

const otherKubernetes: Check = {
  name: 'other-kubernetes',
  title: 'programs of other distributions of Kubernetes',
  why: 'two clusters on one host take each other’s ports, rules and containers',
  mend: 'Remove it by its own means, such as k3s-uninstall.sh, or use another host.',
  severity: 'error',
  inspect({ host: { programs } }) {
    return OTHER_KUBERNETES.filter((name) => programs[name] !== undefined).map((name) => ({
      found: `there is ${programs[name]}`,
    }));
  },
};

const SALT_PACKAGES = ['salt', 'salt-api', 'salt-common', 'salt-master', 'salt-minion', 'salt-ssh', 'salt-syndic'];
const SALT_UNITS = ['salt-master.service', 'salt-minion.service'];

const otherSalt: Check = {
  name: 'other-salt',
  title: 'a Salt that somebody else has installed',
  why: 'the release brings its own version, which would replace it under whoever manages the host by it',
  mend: 'Manage the host from elsewhere without a minion on it, and `dnf remove salt salt-minion`.',
  severity: 'error',
  onlyFresh: true,
  inspect(subject) {
    const packages = installedOf(subject, SALT_PACKAGES);
    const running = subject.host.units.filter(({ name, active }) => active && SALT_UNITS.includes(name));
    const found = [...packages.map((each) => `${each} is installed`), ...running.map(({ name }) => `${name} runs`)];
    return found.length === 0 ? [] : [{ found: listed(found) }];
  },
};

const installedVersions: Check = {
  name: 'installed-versions',
  title: 'packages of the release that are there in other versions',
  why: 'a release was put together and tried with exactly its versions; others are replaced by them, also by older ones',
  mend: 'Remove them before: `dnf remove NAME`.',
  severity: 'error',
  onlyFresh: true,
  inspect(subject) {
    const { host, archive } = subject;
    if (host.platform === null || archive === undefined) return [];
    const wanted = nodePackages(archive.packages, { platform: host.platform, roles: ['node', 'bootstrap'] });
    return wanted.flatMap(({ name, version }) => {
      const installed = (host.packages.installed ?? []).find((each) => each.name === name);
      if (installed === undefined || version === undefined || SALT_PACKAGES.includes(name)) return [];
      const release = version.replace(/^\d+:/, '');
      if (installed.version.replace(/^\d+:/, '') === release) return [];
      return [{ found: `${name} ${installed.version} is installed, and the release has ${release}` }];
    });
  },
};

const packageExcludes: Check = {
  name: 'package-excludes',
  title: 'packages of the release that dnf was told not to install',
  why: 'dnf does as if the archive did not have them, and the installation ends with "nothing provides"',
  mend: 'Take them out of excludepkgs (or exclude) in the section [main] of /etc/dnf/dnf.conf.',
  severity: 'error',
  inspect(subject) {
    const wanted = packagesToInstall(subject);
    return subject.host.packages.excluded.flatMap((pattern) => {
      const kept = wanted.filter((name) => fitsPackage(pattern, name));
      return kept.length === 0
        ? []
        : [{ found: `${JSON.stringify(pattern)} is excluded, which keeps out ${listed(kept)}` }];
    });
  },
};

const packageLocks: Check = {
  name: 'package-locks',
  title: 'packages of the release that are locked to other versions',
  why: 'dnf does as if the archive did not have them, and the installation ends with "nothing provides"',
  mend: 'See `dnf versionlock list`, and take such lines out: `dnf versionlock delete LINE`, without the `!` that it may begin with.',
  severity: 'error',
  onlyFresh: true,
  inspect(subject) {
    const { versionLocks } = subject.host.packages;
    const carried = carriedPackages(subject);
    const kept = packagesToInstall(subject).filter((name) =>
      isLockedOut(carried.find((each) => each.name === name) ?? { name }, versionLocks),
    );
    if (kept.length === 0) return [];
    return [{ found: `${listed(kept)} ${kept.length === 1 ? 'is' : 'are'} kept from the version of the release` }];
  },
};

export const packageChecks = [
  rpmDatabase,
  packageManagerBusy,
  conflictingPackages,
  containerEngines,
  otherKubernetes,
  otherSalt,
  installedVersions,
  packageExcludes,
  packageLocks,
] as const;
