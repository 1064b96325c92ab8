/**
 * What the packages of the test release require and do not bring: provides of a minimal installation of Enterprise Linux 9, in the
 * form of an RPM `Provides`, with versions as of its release 9.6. A host that doubles EL 9 has a package in its RPM
 * database that provides these, as its userland comes from elsewhere and rpm knows of none of it.
 */
export const BASE_CAPABILITIES: readonly string[] = [
  '/bin/sh',
  '/usr/sbin/groupadd',
  '/usr/sbin/useradd',
  '/usr/sbin/usermod',
  'iptables = 1.8.10',
  'libc.so.6()(64bit)',
  'libseccomp = 2.5.2',
  'openssl = 1:3.2.2',
  'systemd = 252',
  'util-linux = 2.37.4',
  'which = 2.21',
];
