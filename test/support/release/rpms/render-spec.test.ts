import { expect, test } from 'vitest';
import type { RpmPackage } from './package.ts';
import { renderSpec } from './render-spec.ts';

const kubelet: RpmPackage = {
  name: 'kubelet',
  version: '1.36.3',
  release: '1',
  architecture: 'x86_64',
  summary: 'Node agent for Kubernetes clusters',
  license: 'Apache-2.0',
  url: 'https://kubernetes.io',
  requires: ['iptables >= 1.4.21', 'util-linux'],
  provides: ['agent'],
  files: [
    { kind: 'file', path: '/usr/bin/kubelet', source: '/x/kubelet', mode: 0o755 },
    { kind: 'text', path: '/etc/sysconfig/kubelet', content: '', configuration: true },
    { kind: 'folder', path: '/var/lib/kubelet', mode: 0o700 },
    { kind: 'link', path: '/usr/bin/agent', target: 'kubelet' },
    { kind: 'tree', path: '/opt/cni/bin', source: '/x/plugins' },
  ],
  scripts: { post: 'echo 100% of $1', preun: '\necho bye\n' },
};

test('a package becomes a spec', () => {
  expect(renderSpec(kubelet)).toBe(`Name: kubelet
Version: 1.36.3
Release: 1
Summary: Node agent for Kubernetes clusters
License: Apache-2.0
URL: https://kubernetes.io
AutoReqProv: no
Provides: agent
Requires: iptables >= 1.4.21
Requires: util-linux

%description
Node agent for Kubernetes clusters.

%post
echo 100%% of $1

%preun
echo bye

%files
%defattr(-,root,root,-)
%attr(0755, root, root) "/usr/bin/kubelet"
%config(noreplace) %attr(0644, root, root) "/etc/sysconfig/kubelet"
%dir %attr(0700, root, root) "/var/lib/kubelet"
"/usr/bin/agent"
"/opt/cni/bin"
`);
});

test('a package for every processor says so', () => {
  expect(renderSpec({ ...kubelet, architecture: 'noarch' })).toContain('\nBuildArch: noarch\n');
});
