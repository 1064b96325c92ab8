import { expect, test } from 'vitest';
import { BASE_CAPABILITIES } from './base-capabilities.ts';
import { rpmRepositories } from './catalogue.ts';
import { rpmFileName } from './package.ts';

function repositories(...versions: string[]) {
  return rpmRepositories({
    kubernetes: versions.map((version) => ({ version, kubeadm: '/kubeadm', node: '/node' })),
    cniPlugins: { version: '1.9.1', directory: '/cni' },
    containerd: { version: '2.2.0', directory: '/containerd' },
    criTools: { version: '1.36.0', directory: '/cri-tools' },
    salt: { version: '3008.3', directory: '/salt' },
    debian: '/debian',
    debianTools: '/tools',
  });
}

test('every requirement is met by the release itself or by a minimal Enterprise Linux', () => {
  const packages = repositories('1.36.3').flatMap((repository) => repository.packages);
  const own = packages.flatMap(({ name, version, release, provides }) => [
    `${name} = ${version}-${release}`,
    ...(provides ?? []),
  ]);
  const capabilities = [...own, ...BASE_CAPABILITIES];
  const unmet = packages.flatMap(({ name, requires, scripts }) =>
    [...(requires ?? []), ...(scripts ? ['/bin/sh'] : [])]
      .filter((requirement) => !capabilities.some((capability) => meets(capability, requirement)))
      .map((requirement) => `${name}: ${requirement}`),
  );
  expect(unmet).toEqual([]);
});

test('a minimal Enterprise Linux brings nothing that no package asks for', () => {
  const packages = repositories('1.36.3').flatMap((repository) => repository.packages);
  const requirements = [...packages.flatMap(({ requires }) => requires ?? []), '/bin/sh'];
  const idle = BASE_CAPABILITIES.filter((capability) => !requirements.some((each) => meets(capability, each)));
  expect(idle).toEqual([]);
});

test('each minor version of Kubernetes has its repository, with all patch versions asked for', () => {
  const all = repositories('1.36.3', '1.36.1', '1.35.4');
  const names = (id: string) => all.find((each) => each.id === id)?.packages.map(rpmFileName) ?? [];
  expect(all.map(({ id }) => id)).toEqual(['kubernetes-1.36', 'kubernetes-1.35', 'docker-ce', 'salt', 'distribution']);
  expect(names('kubernetes-1.36').filter((name) => name.startsWith('kubelet-'))).toEqual([
    expect.stringMatching(/^kubelet-1\.36\.3-150500\.1\.1\./),
    expect.stringMatching(/^kubelet-1\.36\.1-150500\.1\.1\./),
  ]);
  expect(names('kubernetes-1.35').filter((name) => name.startsWith('kube') && name.includes('1.36'))).toEqual([]);
});

test('some package is there in two versions whatever is asked for', () => {
  const names = repositories('1.36.3').flatMap(({ packages }) => packages.map(({ name }) => name));
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual(['container-selinux']);
});

test('packages lie where upstream puts them', () => {
  const places = repositories('1.36.3').map(({ packages, folderOf }) => packages.map(folderOf)[0]);
  expect(places).toEqual([expect.stringMatching(/^(x86_64|aarch64)$/), 'Packages', '', 'Packages/d']);
});

/** Whether a capability `name = version` meets a requirement `name`, `name >= version` or `name = version`. */
function meets(capability: string, requirement: string): boolean {
  const [name, , has = ''] = capability.split(' ');
  const [wanted, operator, least = ''] = requirement.split(' ');
  if (name !== wanted) return false;
  if (operator === undefined) return true;
  if (operator === '=') return has === least;
  return operator === '>=' && has.localeCompare(least, 'en', { numeric: true }) >= 0;
}
