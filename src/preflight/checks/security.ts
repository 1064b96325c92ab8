import type { Check } from '../check.ts';
import { installedOf } from '../look-up.ts';
import { oidcAuthority } from './oidc.ts';

const selinux: Check = {
  name: 'selinux',
  title: 'rules of SELinux for containers',
  why: 'SELinux enforces rules that know nothing of containers: they may read neither their files nor their configuration',
  mend: 'Install container-selinux from the distribution.',
  severity: 'error',
  inspect(subject) {
    const { host, archive } = subject;
    if (host.security.selinux !== 'enforcing' || installedOf(subject, ['container-selinux']).length > 0) return [];
    const carried = archive?.packages.some(({ name, platform }) => {
      return name === 'container-selinux' && platform === host.platform;
    });
    if (carried === true) return [];
    return [
      {
        found: `SELinux is enforcing, and neither the host nor ${archive === undefined ? 'a known archive' : `the archive ${archive.version}`} has container-selinux`,
      },
    ];
  },
};

const fipsSecrets: Check = {
  name: 'fips-secrets',
  title: 'how Secrets are encrypted on a host in FIPS mode',
  why: 'secretbox (XSalsa20 and Poly1305) is no algorithm of FIPS 140: what is kept in etcd counts as not encrypted',
  mend: 'Set kubernetes.secretsEncryption to aescbc in the configuration before the cluster is made.',
  severity: 'warning',
  inspect({ host: { security }, configuration }) {
    if (!security.fips || configuration.kubernetes.secretsEncryption !== 'secretbox') return [];
    return [{ found: 'the host is in FIPS mode, and kubernetes.secretsEncryption is secretbox' }];
  },
};

const fipsPrograms: Check = {
  name: 'fips-programs',
  title: 'programs of the release on a host in FIPS mode',
  why: 'the OpenSSL in the runtime of metalk8s, and the cryptography in the programs of Kubernetes, are no validated modules',
  mend: 'Ask whoever demands FIPS mode whether this is allowed; nothing can be set.',
  severity: 'warning',
  inspect: ({ host: { security } }) => (security.fips ? [{ found: 'the host is in FIPS mode' }] : []),
};

const fapolicyd: Check = {
  name: 'fapolicyd',
  title: 'whether fapolicyd runs',
  why: 'it lets no program start that no package of the host has: those of containers, of network plugins, and metalk8s itself',
  mend: 'Run `systemctl disable --now fapolicyd`.',
  severity: 'error',
  inspect: ({ host: { security } }) =>
    security.fapolicyd ? [{ found: 'fapolicyd decides which programs start' }] : [],
};

export const securityChecks = [selinux, fipsSecrets, fipsPrograms, fapolicyd, oidcAuthority] as const;
