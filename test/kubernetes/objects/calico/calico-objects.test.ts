import { describe, expect, it } from 'vitest';
import { nameOfObject } from '../../../../src/kubernetes/objects/api-object.ts';
import { calicoObjects } from '../../../../src/kubernetes/objects/calico/calico-objects.ts';
import { type CalicoSettings, calicoSettings } from '../../../../src/kubernetes/objects/calico/calico-settings.ts';
import { exampleConfiguration } from '../../../support/kubernetes/example-configuration.ts';
import { manifestObjects, manifestText } from './manifest.ts';

const images = ['node', 'cni', 'kube-controllers'].map((name, index) => ({
  reference: `docker.io/calico/${name}:v3.0.0`,
  digest: `sha256:${String(index).repeat(64)}` as const,
}));
const settings = calicoSettings(exampleConfiguration());

interface Made {
  // biome-ignore lint/suspicious/noExplicitAny: fields are asked for by name
  readonly [name: string]: any;
}

function made(changes: Partial<CalicoSettings> = {}, text = manifestText(manifestObjects())): Made {
  const objects = calicoObjects(text, { ...settings, ...changes }, images);
  return Object.fromEntries(objects.map(({ object }) => [nameOfObject(object), object]));
}

function config(changes: Partial<CalicoSettings> = {}): Record<string, string> {
  return made(changes)['ConfigMap kube-system/calico-config'].data;
}

const node = (objects: Made) => objects['DaemonSet kube-system/calico-node'].spec.template;

it('takes from the configuration what Calico has to know', () => {
  expect(settings).toEqual({
    encapsulation: 'CrossSubnet',
    workloadPlaneMtu: 1460,
    workloadPlane: ['10.200.2.0/24'],
    podSubnet: '10.233.0.0/16',
    hostPortSubnets: ['10.200.2.0/24'],
  });
});

it.each([
  ['Always', 1500, '1450'],
  ['CrossSubnet', 9000, '8950'],
  ['Never', 1500, '1500'],
  ['Always', 'auto', '0'],
] as const)('with encapsulation %s and %s bytes on the plane, pods have %s', (encapsulation, workloadPlaneMtu, mtu) => {
  expect(config({ encapsulation, workloadPlaneMtu }).veth_mtu).toBe(mtu);
  const { env } = node(made({ encapsulation })).spec.containers[0];
  expect(env).toContainEqual({ name: 'CALICO_IPV4POOL_VXLAN', value: encapsulation });
});

it('sets addresses and ports of a node, and leaves other variables as they are', () => {
  expect(node(made({ workloadPlane: ['10.1.0.0/24', '10.2.0.0/24'] })).spec.containers[0].env).toEqual([
    { name: 'NODENAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
    { name: 'IP', value: 'autodetect' },
    { name: 'CALICO_IPV4POOL_IPIP', value: 'Never' },
    { name: 'CALICO_IPV4POOL_VXLAN', value: 'CrossSubnet' },
    { name: 'FELIX_HEALTHENABLED', value: 'true' },
    { name: 'IP_AUTODETECTION_METHOD', value: 'cidr=10.1.0.0/24,10.2.0.0/24' },
    { name: 'CALICO_IPV4POOL_CIDR', value: '10.233.0.0/16' },
    { name: 'FELIX_HEALTHHOST', value: '127.0.0.1' },
    { name: 'FELIX_HEALTHPORT', value: '9099' },
    { name: 'FELIX_VXLANPORT', value: '4789' },
  ]);
});

it('opens host ports on the networks of the configuration alone', () => {
  expect(config({ hostPortSubnets: ['10.1.0.0/24', '10.2.0.0/24'] }).cni_network_config?.replace(/\s+/g, ' ')).toBe(
    '{ "name": "n", "plugins": [ { "type": "calico", "mtu": __CNI_MTU__ }, ' +
      '{ "type": "portmap", "snat": true, "conditionsV4": [ "-d", "10.1.0.0/24,10.2.0.0/24" ] } ] }',
  );
});

it("names images by the release's digests, with upstream's names", () => {
  const objects = made();
  const { initContainers, containers } = node(objects).spec;
  expect(initContainers[0].image).toBe(`docker.io/calico/cni@${images[1]?.digest}`);
  expect(containers[0].image).toBe(`docker.io/calico/node@${images[0]?.digest}`);
  const { spec } = objects['Deployment kube-system/calico-kube-controllers'].spec.template;
  expect(spec.containers[0].image).toBe(`docker.io/calico/kube-controllers@${images[2]?.digest}`);
  expect(spec.tolerations.at(-1)).toEqual({ key: 'node-role.kubernetes.io/infra', effect: 'NoSchedule' });
});

it('starts pods again when what they read changes, and only then', () => {
  const digest = (changes: Partial<CalicoSettings>) =>
    node(made(changes)).metadata.annotations['metalk8s.scality.com/config-digest'];
  expect(digest({})).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(digest({})).toBe(digest({}));
  expect(digest({ workloadPlaneMtu: 9000 })).not.toBe(digest({}));
});

/** Nine lists, each with the one before ten times in it. */
const aliases = Array.from({ length: 9 }, (_, level) => {
  return `l${level}: &l${level} [${Array(10)
    .fill(level === 0 ? 'x' : `*l${level - 1}`)
    .join(', ')}]`;
}).join('\n');

describe('refuses a file', () => {
  const objects = manifestObjects();
  const container = objects.node.spec.template.spec.containers[0];
  const withEnv = (env: object[]) => {
    const changed = { ...container, env };
    return { ...objects, node: { ...objects.node, spec: { template: { spec: { containers: [changed] } } } } };
  };
  const env = container?.env ?? [];
  const without = (name: string) => withEnv(env.filter((one) => !('name' in one && one.name === name)));
  const withData = (data: Record<string, string>) => ({
    ...objects,
    config: { ...objects.config, data: { ...objects.config.data, ...data } },
  });

  it.each<[string, Record<string, unknown>]>([
    ['has the object ConfigMap kube-system/calico-config 0 times', { node: objects.node }],
    ['has the object DaemonSet kube-system/calico-node 2 times', { ...objects, again: objects.node }],
    [
      'has the object Deployment kube-system/calico-kube-controllers 0 times',
      { config: objects.config, node: objects.node },
    ],
    ['has no calico_backend "vxlan" in ConfigMap kube-system/calico-config', withData({ calico_backend: 'bird' })],
    ['has no cni_network_config with the plugin portmap', withData({ cni_network_config: '{"plugins": []}' })],
    ['has no cni_network_config with the plugin portmap', withData({ cni_network_config: 'no JSON' })],
    ['has no variable CALICO_IPV4POOL_VXLAN in DaemonSet kube-system/calico-node', without('CALICO_IPV4POOL_VXLAN')],
    ['has no variable CALICO_IPV4POOL_IPIP=Never in DaemonSet', without('CALICO_IPV4POOL_IPIP')],
    ['has no containers as they have to be in DaemonSet kube-system/calico-node', withEnv(['no variable'] as never)],
    ['has no object of the Kubernetes API in its document 1', { list: ['no object'] }],
  ])('that %s', (message, changed) => {
    expect(() => made({}, manifestText(changed))).toThrow(
      expect.objectContaining({
        code: 'RELEASE_INVALID',
        where: 'calico/calico-vxlan.yaml',
        message: expect.stringContaining(`The file of the release ${message}`),
      }),
    );
  });

  it.each([
    ['is no YAML: ', 'kind: [\n'],
    ['is no YAML: Unresolved alias', 'kind: *nothing\n'],
    ['is no YAML: Excessive alias count', aliases],
    ['has no object', ''],
    ['has no object', '# nothing\n---\n'],
  ])('that %s', (message, text) => {
    expect(() => made({}, text)).toThrow(`The file of the release ${message}`);
  });

  it('that names an image that the release has not', () => {
    const text = manifestText(objects).replace('calico/node:v3.0.0', 'calico/node:v3.0.1');
    expect(() => made({}, text)).toThrow('names the image docker.io/calico/node:v3.0.1, which the release has not');
  });
});
