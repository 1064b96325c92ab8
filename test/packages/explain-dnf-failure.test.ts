import { expect, test } from 'vitest';
import { explainDnfFailure } from '../../src/packages/explain-dnf-failure.ts';

/** What dnf 4.14 with rpm 4.18 printed where each of these was wrong. */
const resolved = `Dependencies resolved.
================================================================================
 Package            Arch        Version             Repository             Size
================================================================================
Installing:
 salt-minion        x86_64      3008.3-0            metalk8s-136.0.0      7.8 k

Transaction Summary
================================================================================
Install  1 Package

Downloading Packages:
Running transaction check
Transaction check succeeded.
Running transaction test
`;

test.each([
  [
    'another dnf reads metadata',
    `metadata already locked by 207
  The application with PID 207 is: dnf
    Memory : 1.7 M RSS (2.9 MB VSZ)
    Started: Sat Nov 21 19:07:57 2026 - 00:01 ago
    State  : Sleeping
`,
    'locked',
    'process 207 (dnf) holds dnf’s lock metadata',
  ],
  [
    'another dnf holds the database',
    `${resolved}RPMDB already locked by 4711
  The application with PID 4711 is: packagekitd
    Memory : 1.7 M RSS (2.9 MB VSZ)
`,
    'locked',
    'process 4711 (packagekitd) holds dnf’s lock RPMDB',
  ],
  [
    'another dnf has just ended',
    `${resolved}Error: Transaction test error:
  package kubectl-1.36.3-150500.1.1.x86_64 is already installed
  package ethtool-6.11-1.el9.x86_64 is already installed
`,
    'locked',
    'another transaction has installed the same packages meanwhile',
  ],
  [
    'a package in the way of another that has just been installed',
    `${resolved}Error: Transaction test error:
  package ethtool-6.11-1.el9.x86_64 is already installed
  file /usr/bin/kubelet from install of kubelet-1.36.3-1.x86_64 conflicts with file from package other-1-1.x86_64
`,
    'failed',
    '/usr/bin/kubelet of kubelet-1.36.3-1.x86_64 is in the package other-1-1.x86_64 of this host too',
  ],
  [
    'rpm itself is at work',
    `${resolved}RPM: error: can't create transaction lock on /var/lib/rpm/.rpm.lock (Resource temporarily unavailable)
Error: Could not run transaction.
`,
    'locked',
    'another program holds RPM’s lock /var/lib/rpm/.rpm.lock',
  ],
  [
    'a full disk',
    `${resolved}Error: Transaction test error:
  installing package salt-3008.3-0.x86_64 needs 241MB more space on the /opt/saltstack filesystem

Error Summary
-------------
Disk Requirements:
   At least 241MB more space needed on the /opt/saltstack filesystem.

`,
    'failed',
    'The disk is too full for the packages: /opt/saltstack needs 241MB more',
  ],
  [
    'packages that are not there',
    `No match for argument: no-such-package-0:1.0-1.x86_64
No match for argument: salt-minion-0:9999-0.x86_64
Error: Unable to find a match: no-such-package-0:1.0-1.x86_64 salt-minion-0:9999-0.x86_64
`,
    'failed',
    'The archive does not have these packages: no-such-package-0:1.0-1.x86_64 salt-minion-0:9999-0.x86_64',
  ],
  [
    'a package that is excluded',
    `All matches were filtered out by exclude filtering for argument: salt-minion
Error: Unable to find a match: salt-minion
`,
    'failed',
    'The package salt-minion is excluded on this host',
  ],
  [
    'a dependency that is excluded',
    `(try to add '--skip-broken' to skip uninstallable packages or '--nobest' to use not only best candidate packages)
Error: 
 Problem: package salt-minion-3008.3-0.x86_64 requires salt = 3008.3-0, but none of the providers can be installed
  - package salt-3008.3-0.x86_64 requires pciutils, but none of the providers can be installed
  - conflicting requests
  - package pciutils-3.7.0-7.el9.x86_64 is filtered out by exclude filtering
`,
    'failed',
    'The package pciutils-3.7.0-7.el9.x86_64 is excluded on this host',
  ],
  [
    'a package that conflicts',
    `Error: 
 Problem: package blocker-1-1.noarch conflicts with salt-minion provided by salt-minion-3008.3-0.x86_64
  - conflicting requests
  - problem with installed package blocker-1-1.noarch
`,
    'failed',
    'The package blocker-1-1.noarch of this host does not go with what is to be installed',
  ],
  [
    'a file of another package',
    `${resolved}Error: Transaction test error:
  file /usr/share/hwdata/pci.ids from install of hwdata-0.348-9.18.el9.noarch conflicts with file from package owner-1-1.noarch

`,
    'failed',
    '/usr/share/hwdata/pci.ids of hwdata-0.348-9.18.el9.noarch is in the package owner-1-1.noarch of this host too',
  ],
  [
    'a dependency that nobody has',
    `Error: 
 Problem: conflicting requests
  - nothing provides libfoo.so.1()(64bit) needed by salt-3008.3-0.x86_64
`,
    'failed',
    'The packages do not go together: nothing provides libfoo.so.1()(64bit) needed by salt-3008.3-0.x86_64',
  ],
  [
    'a package without a signature',
    `${resolved}Package blocker-1-1.noarch.rpm is not signed
Error: GPG check FAILED
`,
    'failed',
    'The package blocker-1-1.noarch.rpm is not signed by a key of the archive',
  ],
  [
    'metadata that are not what was signed',
    `Error: Failed to download metadata for repo 'metalk8s-136.0.0': repomd.xml GPG signature verification error: Bad GPG signature
`,
    'failed',
    'The signature of the packages or of the list of them is not good',
  ],
  [
    'a package that was changed',
    `${resolved}Package "pciutils-libs-3.7.0-7.el9.x86_64" from local repository "metalk8s-136.0.0" has incorrect checksum
Error: Some packages from local repository have incorrect checksum
`,
    'failed',
    'The package pciutils-libs-3.7.0-7.el9.x86_64 of the archive is damaged or missing',
  ],
  [
    'an archive that is not mounted',
    `Packages                                        0.0  B/s |   0  B     00:00    
Errors during downloading metadata for repository 'metalk8s-136.0.0':
  - Curl error (37): Couldn't read a file:// file for file:///nowhere/el9-x86_64/repodata/repomd.xml [Couldn't open file /nowhere/el9-x86_64/repodata/repomd.xml]
Error: Failed to download metadata for repo 'metalk8s-136.0.0': Cannot download repomd.xml: Cannot download repodata/repomd.xml: All mirrors were tried
`,
    'failed',
    'The packages of the repository metalk8s-136.0.0 cannot be read: /nowhere/el9-x86_64/repodata/repomd.xml',
  ],
  [
    'a script that fails',
    `error: failed to exec scriptlet interpreter /bin/sh: No such file or directory
error: %prein(salt-3008.3-0.x86_64) scriptlet failed, exit status 127

Error in PREIN scriptlet in rpm package salt
  Verifying        : salt-3008.3-0.x86_64                                   1/1 

Failed:
  salt-3008.3-0.x86_64                                                          

Error: Transaction failed
`,
    'failed',
    'A script (PREIN) of the package salt failed',
  ],
  ['what nobody has seen before', 'Error: oh no\n', 'failed', 'dnf could not install the packages'],
])('%s', (_, text, kind, message) => {
  const explained = explainDnfFailure(text);
  expect(explained).toMatchObject({ kind, message });
  if (kind === 'failed') expect(explained.hint).toMatch(/run again\.$/);
});
