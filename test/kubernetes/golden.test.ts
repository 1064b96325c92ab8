import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { clusterConfiguration } from '../../src/kubernetes/kubeadm/cluster-configuration.ts';
import { componentExtensions } from '../../src/kubernetes/kubeadm/component-extensions.ts';
import {
  CONTAINER_RUNTIME,
  kubeletAdditions,
  kubeletClusterConfiguration,
  kubeletConfiguration,
  kubeletNodeAdditions,
} from '../../src/kubernetes/kubelet/kubelet-configuration.ts';
import { kubeletFlags } from '../../src/kubernetes/kubelet/kubelet-flags.ts';
import { renderYaml } from '../../src/kubernetes/render-yaml.ts';
import { type Component, commandOf } from '../../src/kubernetes/static-pods/component.ts';
import { componentPod } from '../../src/kubernetes/static-pods/component-pod.ts';
import { componentsOf } from '../../src/kubernetes/static-pods/components.ts';
import { kubeApiserver } from '../../src/kubernetes/static-pods/kube-apiserver.ts';
import { compareEntries, renderDifference } from '../support/kubeadm/compare.ts';
import { type GoldenConfiguration, goldenConfiguration } from '../support/kubeadm/golden-configuration.ts';
import { GOLDEN } from '../support/kubeadm/golden-files.ts';
import { everySetting } from '../support/kubernetes/cluster-node.ts';
import {
  additionsOf,
  type ComponentField,
  clusterDocument,
  goldenExtensions,
  goldenNode,
  ownDocument,
} from '../support/kubernetes/golden-node.ts';
import {
  flagsWithoutAdditions,
  kubeletWithoutAdditions,
  manifestWithoutAdditions,
} from '../support/kubernetes/without-additions.ts';

/** A feature gate of kubeadm's that gives the static pods to other users; ours run as root, so there is nothing to compare. */
const ROOTLESS = 'rootless-control-plane';
const FIELDS: Readonly<Record<string, ComponentField>> = {
  etcd: 'etcd',
  'kube-apiserver': 'apiServer',
  'kube-controller-manager': 'controllerManager',
  'kube-scheduler': 'scheduler',
};

for (const minor of readdirSync(GOLDEN)) {
  for (const configuration of readdirSync(join(GOLDEN, minor)).filter((name) => name !== ROOTLESS)) {
    const golden = await goldenConfiguration(minor, configuration);
    describe.each(golden.hosts.map(({ name }) => name))(`kubeadm ${minor}, ${configuration}, host %s`, (host) => {
      for (const [name, settings] of [
        ['the least', {}],
        ['everything', everySetting],
      ] as const) {
        const node = goldenNode(golden, { minor, host, settings });

        it.each(componentsOf(node).map((component) => component.name))(
          `%s, with ${name} added, is kubeadm's without`,
          (component) => {
            const found = componentsOf(node).find((one) => one.name === component) as Component;
            const path = `/etc/kubernetes/manifests/${component}.yaml`;
            const told = additionsOf(goldenExtensions(golden, FIELDS[component] ?? 'etcd'));
            // Where kubeadm was told to add something, that is added here, and nothing is taken away.
            const made =
              told.length > 0
                ? renderYaml(componentPod({ ...found, additions: () => told }, node))
                : manifestWithoutAdditions(renderYaml(componentPod(found, node)), found, node);
            expect(differences(path, withoutPatches(golden, host, path), made)).toEqual([]);
          },
        );

        it(`the kubelet's configuration, with ${name} added, is kubeadm's without`, () => {
          const path = '/var/lib/kubelet/config.yaml';
          const made = kubeletWithoutAdditions(renderYaml(kubeletConfiguration(node)), [
            ...kubeletAdditions(node.cluster),
            ...kubeletNodeAdditions(node),
          ]);
          expect(differences(path, withoutPatches(golden, host, path), made)).toEqual([]);
        });

        it(`the kubelet's flags, with ${name} added, are kubeadm's without`, () => {
          const text = golden.host(host).text('/var/lib/kubelet/kubeadm-flags.env');
          expect(flagsWithoutAdditions(kubeletFlags(node), node)).toBe(withoutTold(text, golden, host));
        });
      }
    });

    describe(`kubeadm ${minor}, ${configuration}`, () => {
      const [first = ''] = golden.hosts.map(({ name }) => name);
      const { cluster } = goldenNode(golden, { minor, host: first, settings: everySetting });

      if (configuration !== 'single-real-api') {
        it('kubeadm-config is as kubeadm sends it, but for what is added', () => {
          expect(withoutExtensions(renderYaml(clusterConfiguration(cluster)), golden)).toBe(
            withoutTheirs(configMap(golden, 'kubeadm-config').ClusterConfiguration ?? ''),
          );
        });

        it('kubelet-config is as kubeadm sends it, but for what is added', () => {
          const text = renderYaml(kubeletClusterConfiguration(cluster));
          const made = kubeletWithoutAdditions(text, kubeletAdditions(cluster));
          expect(made).toBe(withoutToldToKubelet(configMap(golden, 'kubelet-config').kubelet ?? '', golden));
        });
      }

      it.each(Object.entries(FIELDS))('says additions to %s as kubeadm does', (_component, field) => {
        const told = goldenExtensions(golden, field);
        const words = componentExtensions(additionsOf(told));
        const volumes = told.extraVolumes?.map((volume) => ({ ...volume, mountPath: volume.hostPath }));
        expect(words).toEqual(pick({ ...told, ...(volumes && { extraVolumes: volumes }) }));
      });
    });
  }
}

describe('the comparison itself', async () => {
  const golden = await goldenConfiguration('1.36', 'single');
  const node = goldenNode(golden, { minor: '1.36', host: 'cp1', settings: {} });
  const path = '/etc/kubernetes/manifests/kube-apiserver.yaml';
  const compare = (component: Component) => {
    const made = manifestWithoutAdditions(renderYaml(componentPod(component, node)), component, node);
    return differences(path, golden.host('cp1').text(path), made);
  };

  it('names an argument of the baseline that is wrong', () => {
    const wrong: Component = {
      ...kubeApiserver,
      baseline: (one) => {
        const right = kubeApiserver.baseline(one);
        const changed = right.arguments.map((argument) =>
          argument.name === 'authorization-mode' ? { ...argument, value: 'AlwaysAllow' } : argument,
        );
        return { ...right, arguments: changed };
      },
    };
    expect(compare(wrong)).toEqual([
      `${path}: spec.containers[0].command[3]: golden "--authorization-mode=Node,RBAC", made "--authorization-mode=AlwaysAllow"`,
    ]);
  });

  it('names an argument that is rendered and not listed', () => {
    const sneaked = (text: string) => text.replace('    - kube-apiserver\n', '$&    - --anonymous-auth=true\n');
    const made = manifestWithoutAdditions(sneaked(renderYaml(componentPod(kubeApiserver, node))), kubeApiserver, node);
    expect(differences(path, golden.host('cp1').text(path), made)).toEqual([
      `${path}: spec.containers[0].command[1]: golden (nothing), made "--anonymous-auth=true"`,
    ]);
  });

  it('does not take an addition for granted that is listed and not rendered', () => {
    const text = renderYaml(componentPod(kubeApiserver, node)).replace('    - --profiling=false\n', '');
    expect(() => manifestWithoutAdditions(text, kubeApiserver, node)).toThrow('--profiling=false is there 0 times');
  });

  it('finds nothing else than what is there', () => {
    expect(compare(kubeApiserver)).toEqual([]);
    expect(commandOf(kubeApiserver, node)).toContain('--profiling=false');
  });
});

it.each(['1.34', '1.35', '1.36'])('every addition for %s has a reason', async (minor) => {
  const golden = await goldenConfiguration(minor, 'single');
  const node = goldenNode(golden, { minor, host: 'cp1', settings: everySetting });
  for (const component of componentsOf(node)) {
    for (const { reason } of component.additions(node.cluster)) expect(reason).toMatch(/\w{3}/);
  }
});

function differences(path: string, golden: string, made: string): string[] {
  return compareEntries(new Map([[path, golden]]), new Map([[path, made]])).map(renderDifference);
}

/** `extra-args` shows patches too: golden data without what they did. And everywhere there is but one container runtime of ours. */
function withoutPatches(golden: GoldenConfiguration, host: string, path: string): string {
  const text = golden.host(host).text(path);
  const own = ownDocument(golden, host);
  if (path.endsWith('/config.yaml'))
    return withoutToldToKubelet(text, golden).replace(/(?<=RuntimeEndpoint: ).*/, CONTAINER_RUNTIME);
  if (own.patches === undefined) return text;
  return text
    .replace('    example.com/patched: strategic\n', '')
    .replace('    patched: json\n', '')
    .replace('priorityClassName: system-cluster-critical', 'priorityClassName: system-node-critical');
}

/** What kubeadm was told of the kubelet, in a document or patch of its own. */
function withoutToldToKubelet(text: string, golden: GoldenConfiguration): string {
  if (!golden.hosts.some(({ config }) => config.includes('kind: KubeletConfiguration'))) return text;
  const { failCgroupV1, maxPods, serializeImagePulls, featureGates, ...fields } = parse(text);
  return renderYaml({ ...fields, cgroupDriver: 'systemd' });
}

/** What kubeadm was told of the kubelet's flags. */
function withoutTold(text: string, golden: GoldenConfiguration, host: string): string {
  const { kubeletExtraArgs = [], taints = [] } = ownDocument(golden, host).nodeRegistration ?? {};
  const told = [
    ...kubeletExtraArgs.map(({ name }: { name: string }) => name),
    ...(taints.length > 0 ? ['register-with-taints'] : []),
  ];
  return told
    .reduce((left: string, name: string) => left.replace(new RegExp(` ?--${name}=[^ "]*`), ''), text)
    .replace('=" ', '="');
}

function configMap(golden: GoldenConfiguration, wanted: string): Record<string, string> {
  const found = golden.hosts[0]?.sent.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === wanted);
  return (found?.data ?? {}) as Record<string, string>;
}

/** Ours, without our additions: the components', an endpoint always, and a name for the loopback address in the apiserver's certificate. */
function withoutExtensions(text: string, golden: GoldenConfiguration): string {
  const fields = parse(text);
  fields.apiServer.certSANs = fields.apiServer.certSANs.filter((name: string) => name !== '127.0.0.1');
  if (fields.apiServer.certSANs.length === 0) delete fields.apiServer.certSANs;
  if (clusterDocument(golden).controlPlaneEndpoint === undefined) delete fields.controlPlaneEndpoint;
  return withoutTheirs(renderYaml(fields));
}

function withoutTheirs(text: string): string {
  const fields = parse(text);
  for (const component of [fields.apiServer, fields.controllerManager, fields.scheduler, fields.etcd.local]) {
    for (const extension of ['extraArgs', 'extraEnvs', 'extraVolumes']) delete component[extension];
  }
  return renderYaml(fields);
}

function pick({ extraArgs, extraEnvs, extraVolumes }: ReturnType<typeof goldenExtensions>): object {
  return { ...(extraArgs && { extraArgs }), ...(extraEnvs && { extraEnvs }), ...(extraVolumes && { extraVolumes }) };
}
