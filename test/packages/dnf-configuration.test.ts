import { expect, test } from 'vitest';
import { dnfConfiguration } from '../../src/packages/dnf-configuration.ts';

const repository = {
  id: 'baseos',
  baseUrl: 'https://mirror.example.com/BaseOS/',
  keyUrls: ['file:///keys/A.asc', 'file:///keys/B.asc'],
  verifies: { packages: true, metadata: true },
  ignoresModules: false,
};

test('nothing of the build station’s own dnf is in it, and everything is verified', () => {
  expect(dnfConfiguration({ modulePlatform: 'platform:el9', repositories: [repository] })).toBe(`[main]
reposdir=/dev/null
varsdir=/dev/null
plugins=1
pluginpath=plugins
pluginconfpath=plugin-settings
module_platform_id=platform:el9
install_weak_deps=0
best=1
assumeyes=1
skip_if_unavailable=0
metadata_expire=0
zchunk=0

[baseos]
name=baseos
baseurl=https://mirror.example.com/BaseOS/
gpgkey=file:///keys/A.asc
       file:///keys/B.asc
gpgcheck=1
repo_gpgcheck=1
module_hotfixes=0
priority=1
`);
});

test('repositories come in the order of trust', () => {
  const ids = ['baseos', 'appstream', 'docker-ce'];
  const text = dnfConfiguration({
    modulePlatform: 'platform:el8',
    repositories: ids.map((id) => ({ ...repository, id })),
  });
  const order = [...text.matchAll(/^\[(.*)\]|^priority=(\d+)$/gm)].map(([, id, priority]) => id ?? priority);
  expect(order).toEqual(['main', 'baseos', '1', 'appstream', '2', 'docker-ce', '3']);
});

test('what nobody signs is taken without a check, and a company’s certificates are told of', () => {
  const text = dnfConfiguration({
    modulePlatform: 'platform:el9',
    repositories: [
      { ...repository, keyUrls: [], verifies: { packages: false, metadata: false }, ignoresModules: true },
    ],
    authorities: '/etc/company.pem',
  });
  expect(text).toContain('sslcacert=/etc/company.pem\n');
  expect(text).toContain('gpgkey=\ngpgcheck=0\nrepo_gpgcheck=0\nmodule_hotfixes=1\n');
});
