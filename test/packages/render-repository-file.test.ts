import { describe, expect, test } from 'vitest';
import {
  installArguments,
  renderRepositoryFile,
  repositoryFilePath,
  repositoryId,
} from '../../src/packages/render-repository-file.ts';

const host = {
  version: '136.0.0',
  baseUrl: 'file:///srv/metalk8s/136.0.0/packages/el9-x86_64/',
  keyUrls: ['file:///srv/metalk8s/136.0.0/packages/keys/AA.asc', 'file:///srv/metalk8s/136.0.0/packages/keys/BB.asc'],
};

test('the repository of an archive has an id of its own, is off, and verifies everything', () => {
  expect(repositoryId('136.0.0')).toBe('metalk8s-136.0.0');
  expect(repositoryFilePath('136.0.0')).toBe('/etc/yum.repos.d/metalk8s-136.0.0.repo');
  expect(renderRepositoryFile(host)).toBe(`[metalk8s-136.0.0]
name=Packages of MetalK8s 136.0.0
baseurl=file:///srv/metalk8s/136.0.0/packages/el9-x86_64/
gpgkey=file:///srv/metalk8s/136.0.0/packages/keys/AA.asc
       file:///srv/metalk8s/136.0.0/packages/keys/BB.asc
enabled=0
gpgcheck=1
repo_gpgcheck=1
module_hotfixes=1
metadata_expire=0
skip_if_unavailable=0
`);
});

test('a server is known by the cluster’s CA', () => {
  const text = renderRepositoryFile({
    ...host,
    baseUrl: 'https://192.0.2.1:5000/packages/136.0.0/el9-x86_64/',
    ca: '/etc/kubernetes/pki/ca.crt',
  });
  expect(text).toContain('baseurl=https://192.0.2.1:5000/packages/136.0.0/el9-x86_64/\n');
  expect(text).toContain('\nsslcacert=/etc/kubernetes/pki/ca.crt\n');
});

describe('an address that dnf would take for another one', () => {
  test.each([
    'http://192.0.2.1/packages/',
    'file:///srv/meta k8s/',
    'file:///srv/a,file:///srv/b/',
    'file:///srv/$releasever/',
    'file:///srv/x\nenabled=1',
    '/srv/metalk8s/',
    '',
  ])('%j', (baseUrl) => {
    expect(() => renderRepositoryFile({ ...host, baseUrl })).toThrow('is no address that dnf can be told of');
    expect(() => renderRepositoryFile({ ...host, keyUrls: [baseUrl] })).toThrow(
      'is no address that dnf can be told of',
    );
  });
});

test('exact packages are installed from the archive and from nowhere else', () => {
  const kubelet = { name: 'kubelet', epoch: '0', version: '1.36.3', release: '150500.1.1', arch: 'x86_64' };
  expect(installArguments('136.0.0', [kubelet])).toEqual([
    'install',
    '--assumeyes',
    '--disablerepo=*',
    '--enablerepo=metalk8s-136.0.0',
    '--setopt=install_weak_deps=False',
    '--setopt=best=False',
    '--setopt=exit_on_lock=True',
    '--',
    'kubelet-0:1.36.3-150500.1.1.x86_64',
  ]);
});
