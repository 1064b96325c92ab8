import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ClusterSettings } from '../../../src/kubernetes/cluster-settings.ts';
import { type ApiObject, base64OfFile, nameOfObject } from '../../../src/kubernetes/objects/api-object.ts';
import { clusterObjects } from '../../../src/kubernetes/objects/cluster-objects.ts';
import { coreDnsConfigMap } from '../../../src/kubernetes/objects/core-dns-config-map.ts';
import { coreDnsDeployment } from '../../../src/kubernetes/objects/core-dns-deployment.ts';
import { coreDnsService } from '../../../src/kubernetes/objects/core-dns-objects.ts';
import { kubeProxyConfigMap } from '../../../src/kubernetes/objects/kube-proxy-config-map.ts';
import {
  kubeProxyAdditions,
  kubeProxyBaseline,
  kubeProxyConfiguration,
} from '../../../src/kubernetes/objects/kube-proxy-configuration.ts';
import { kubeProxyDaemonSet } from '../../../src/kubernetes/objects/kube-proxy-daemon-set.ts';
import { nodeMarks, nodePatch } from '../../../src/kubernetes/objects/node-marks.ts';
import {
  type KubeadmObject,
  type ObjectAddition,
  withFields,
} from '../../../src/kubernetes/objects/object-addition.ts';
import { renderYaml } from '../../../src/kubernetes/render-yaml.ts';
import { nodeTemplates } from '../../../src/product/node-templates.ts';
import { compareEntries, renderDifference } from '../../support/kubeadm/compare.ts';
import { type GoldenConfiguration, goldenConfiguration } from '../../support/kubeadm/golden-configuration.ts';
import { GOLDEN } from '../../support/kubeadm/golden-files.ts';
import { clusterSettings, everySetting } from '../../support/kubernetes/cluster-node.ts';
import { exampleConfiguration } from '../../support/kubernetes/example-configuration.ts';
import { goldenNode, ownDocument } from '../../support/kubernetes/golden-node.ts';

const templates = await nodeTemplates();

/** Ours of kubeadm's that we change something of, by name. */
const CHANGED: Readonly<Record<string, KubeadmObject>> = {
  'ConfigMap kube-system/kube-proxy': kubeProxyConfigMap,
  'DaemonSet kube-system/kube-proxy': kubeProxyDaemonSet,
  'ConfigMap kube-system/coredns': coreDnsConfigMap,
  'Deployment kube-system/coredns': coreDnsDeployment,
  'Service kube-system/kube-dns': coreDnsService,
};
/** What kubeadm makes for a token, or for `--upload-certs`: it holds secrets, and is made when somebody asks for it. */
const ON_DEMAND = /^Secret |kube-system\/kubeadm:kubeadm-certs$/;
/** Compared to the byte in ../golden.test.ts: configurations with our additions in them. */
const CONFIGURATIONS = ['ConfigMap kube-system/kubeadm-config', 'ConfigMap kube-system/kubelet-config'];
/** Ours alone. */
const OWN = [
  'Namespace metalk8s-system',
  'NetworkPolicy metalk8s-system/default-deny-ingress',
  'ConfigMap metalk8s-system/configuration',
  'ConfigMap kube-system/apiserver-proxy',
  'DaemonSet kube-system/apiserver-proxy',
  'NetworkPolicy kube-system/coredns',
  'NetworkPolicy kube-system/calico-kube-controllers',
];
const HASH = 'kubeadm.kubernetes.io/component-config.hash';

for (const minor of readdirSync(GOLDEN)) {
  for (const configuration of readdirSync(join(GOLDEN, minor)).filter((name) => name !== 'single-real-api')) {
    const golden = await goldenConfiguration(minor, configuration);
    const sent = sentObjects(golden);
    describe.each([
      ['the least', {}],
      ['everything', everySetting],
    ] as const)(`kubeadm ${minor}, ${configuration}, with %s added`, (_name, settings) => {
      const { cluster } = goldenNode(golden, { minor, host: 'cp1', settings });
      const made = objectsOf(cluster);

      it('has the objects that kubeadm sends, and those that are ours alone', () => {
        expect([...made.keys()].sort()).toEqual([...sent.keys(), ...OWN].sort());
      });

      it.each([...sent.keys()])("%s is kubeadm's without additions", (name) => {
        const object = made.get(name) as ApiObject;
        const left = withoutAdditions(name, object, cluster);
        expect(differences(name, sent.get(name) as ApiObject, left)).toEqual([]);
      });

      it("the configuration of kube-proxy is kubeadm's without additions, to the byte", () => {
        const text = configurationOf(made.get('ConfigMap kube-system/kube-proxy') as ApiObject);
        const left = putBack(parse(text), kubeProxyAdditions(cluster), kubeProxyBaseline(cluster));
        const told = parse(configurationOf(sent.get('ConfigMap kube-system/kube-proxy') as ApiObject));
        expect(renderYaml(left).trimEnd()).toBe(renderYaml(withoutTold(told, golden)).trimEnd());
      });
    });

    it.each(golden.hosts.map(({ name }) => name))(`kubeadm ${minor}, ${configuration}: marks of %s`, (host) => {
      const own = ownDocument(golden, host);
      const { roles } = goldenNode(golden, { minor, host, settings: {} });
      const noTaints = own.nodeRegistration?.taints?.length === 0;
      const marks = nodeMarks({
        roles: noTaints ? [...roles, 'workload'] : roles.filter((role) => role !== 'workload'),
        version: undefined,
        ssh: undefined,
      });
      const [patch] = golden.host(host).patches;
      const {
        'node-role.kubernetes.io/etcd': etcd,
        'node-role.kubernetes.io/workload': workload,
        ...labels
      } = marks.labels;
      const left = nodePatch({ ...marks, labels }, { labels: {}, taints: [] });
      expect(left).toEqual(patch?.body ?? { metadata: { labels: {} } });
    });
  }
}

describe('the comparison itself', async () => {
  const golden = await goldenConfiguration('1.36', 'single');
  const { cluster } = goldenNode(golden, { minor: '1.36', host: 'cp1', settings: {} });
  const name = 'DaemonSet kube-system/kube-proxy';
  const object = objectsOf(cluster).get(name) as ApiObject;
  const sent = sentObjects(golden).get(name) as ApiObject;

  it('names a field that is wrong', () => {
    const wrong = withFields(object, [
      { field: ['spec', 'template', 'spec', 'priorityClassName'], value: 'none' },
    ]) as ApiObject;
    expect(differences(name, sent, withoutAdditions(name, wrong, cluster))).toEqual([
      `${name}: spec.template.spec.priorityClassName: golden "system-node-critical", made "none"`,
    ]);
  });

  it('does not take an addition for granted that is listed and not there', () => {
    const lacking = withFields(object, [{ field: ['spec', 'template', 'spec', 'initContainers'], value: undefined }]);
    expect(() => withoutAdditions(name, lacking as ApiObject, cluster)).toThrow(
      'initContainers is not as it is listed',
    );
  });
});

it('every addition has a reason, and changes something', () => {
  const cluster = clusterSettings(everySetting);
  for (const { baseline, additions } of Object.values(CHANGED)) {
    for (const { field, value, reason } of additions(cluster)) {
      expect(reason).toMatch(/\w{3}/);
      expect(valueAt(baseline(cluster), field), field.join('.')).not.toEqual(value);
    }
  }
  for (const { field, value, reason } of kubeProxyAdditions(cluster)) {
    expect(reason).toMatch(/\w{3}/);
    expect(valueAt(kubeProxyConfiguration(cluster), field)).toEqual(value);
  }
});

function objectsOf(cluster: ClusterSettings): Map<string, ApiObject> {
  const objects = clusterObjects(cluster, exampleConfiguration(), templates);
  return new Map(objects.map(({ object }) => [nameOfObject(object), object]));
}

function sentObjects(golden: GoldenConfiguration): Map<string, ApiObject> {
  const objects = golden.hosts.flatMap(({ sent }) => sent as readonly ApiObject[]);
  const named = objects.map((object): [string, ApiObject] => [nameOfObject(object), toldOtherwise(object, golden)]);
  return new Map(named.filter(([name]) => !ON_DEMAND.test(name)));
}

/** What kubeadm was told by patches and documents of other components, which we have other words for. */
function toldOtherwise(object: ApiObject, golden: GoldenConfiguration): ApiObject {
  const name = nameOfObject(object);
  const isPatched = golden.hosts.some(({ name: host }) => ownDocument(golden, host).patches !== undefined);
  if (name === 'Deployment kube-system/coredns' && isPatched) {
    return withFields(object, [{ field: ['spec', 'replicas'], value: 2 }]) as ApiObject;
  }
  if (name === 'ConfigMap kube-system/kube-proxy' && isToldProxy(golden)) {
    // kubeadm then takes the configuration for the user's, without a hash; here it is as if it had not been told.
    const data = object.data as Record<string, string>;
    const text = renderYaml(withoutTold(parse(data['config.conf'] ?? ''), golden)).trimEnd();
    const hash = createHash('sha256').update(`${text}${data['kubeconfig.conf']}`).digest('hex');
    return withFields(object, [
      { field: ['data', 'config.conf'], value: text },
      { field: ['metadata', 'annotations'], value: { [HASH]: `sha256:${hash}` } },
    ]) as ApiObject;
  }
  return object;
}

function isToldProxy(golden: GoldenConfiguration): boolean {
  return golden.hosts.some(({ config }) => config.includes('kind: KubeProxyConfiguration'));
}

function withoutTold(fields: object, golden: GoldenConfiguration): unknown {
  if (!isToldProxy(golden)) return fields;
  return withFields(fields, [
    { field: ['featureGates'], value: undefined },
    { field: ['mode'], value: '' },
    { field: ['conntrack', 'maxPerCore'], value: null },
  ]);
}

/** An object as we send it, with kubeadm's own values where we list others. Throws where it has not what is listed. */
function withoutAdditions(name: string, object: ApiObject, cluster: ClusterSettings): ApiObject {
  const found = CHANGED[name];
  if (found === undefined) return object;
  return putBack(object, found.additions(cluster), found.baseline(cluster)) as ApiObject;
}

function putBack(made: unknown, additions: readonly ObjectAddition[], baseline: unknown): unknown {
  for (const { field, value } of additions) {
    if (JSON.stringify(valueAt(made, field)) !== JSON.stringify(value)) {
      throw new Error(`${field.join('.')} is not as it is listed`);
    }
  }
  return withFields(
    made,
    additions.map(({ field }) => ({ field, value: valueAt(baseline, field) })),
  );
}

function valueAt(value: unknown, field: readonly (string | number)[]): unknown {
  return field.reduce((holder, key) => (holder as Record<string | number, unknown> | undefined)?.[key], value);
}

function configurationOf(object: ApiObject): string {
  return (object.data as Record<string, string>)['config.conf'] ?? '';
}

function differences(name: string, golden: ApiObject, made: ApiObject): string[] {
  const texts = [golden, made].map((object) => new Map([[name, renderYaml(comparable(name, object))]]));
  return compareEntries(texts[0] as Map<string, string>, texts[1] as Map<string, string>).map(renderDifference);
}

/** Certificates have the golden data's word for them, and what is compared elsewhere stays out. */
function comparable(name: string, object: ApiObject): object {
  const { data = {} } = object as { data?: Record<string, string> };
  if (CONFIGURATIONS.includes(name)) {
    return withFields(object, [
      { field: ['data'], value: Object.keys(data) },
      { field: ['metadata', 'annotations'], value: undefined },
    ]) as object;
  }
  const certificate = base64OfFile('/etc/kubernetes/pki/ca.crt');
  const kubeconfig = data.kubeconfig?.replace(certificate, '<certificate /etc/kubernetes/pki/ca.crt>');
  return kubeconfig === undefined ? object : { ...object, data: { ...data, kubeconfig } };
}
