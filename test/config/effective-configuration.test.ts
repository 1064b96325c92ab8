import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { effectiveConfiguration } from '../../src/config/effective-configuration.ts';
import { printDefaults } from '../../src/config/print-defaults.ts';
import { validateText } from '../../src/config/validate-text.ts';
import { exampleText } from './example.ts';

describe('the effective configuration', () => {
  it('has every default of the original, and of what is new', () => {
    expect(effective(exampleText())).toEqual({
      apiVersion: 'metalk8s.scality.com/v1alpha3',
      kind: 'BootstrapConfiguration',
      networks: {
        controlPlane: { cidr: ['10.200.1.0/24'] },
        workloadPlane: { cidr: ['10.200.2.0/24'], mtu: 1460 },
        pods: ['10.233.0.0/16'],
        services: ['10.96.0.0/12'],
        portmap: { cidr: ['10.200.2.0/24'] },
        nodeport: { cidr: ['10.200.2.0/24'] },
        cni: 'calico',
      },
      ca: { minion: 'bootstrap' },
      archives: ['/srv/metalk8s.iso'],
      proxies: { no_proxy: [] },
      debug: false,
      kubernetes: {
        apiServer: { featureGates: {} },
        controllerManager: { config: { terminatedPodGCThreshold: 500 } },
        coreDNS: {
          hostForward: true,
          replicas: 2,
          affinity: { podAntiAffinity: { soft: [{ topologyKey: 'kubernetes.io/hostname', weight: 1 }], hard: [] } },
        },
        kubelet: { allowCgroupV1: false },
        certificates: { keyAlgorithm: 'RSA-2048' },
        secretsEncryption: 'secretbox',
      },
      ssh: { user: 'root', port: 22, sudo: false, knownHosts: '/etc/metalk8s/known_hosts' },
      backup: { directory: '/var/lib/metalk8s/backups', retention: 5, schedule: '0 2 * * *' },
    });
  });

  it.each([
    ['api.example.com', 'api.example.com:6443'],
    ['10.200.1.100:443', '10.200.1.100:443'],
  ])('completes the endpoint %s', (endpoint, expected) => {
    const text = exampleText().replace('cidr: 10.200.1.0/24', `cidr: 10.200.1.0/24\n    endpoint: ${endpoint}`);
    expect(effective(text)).toMatchObject({ networks: { controlPlane: { endpoint: expected } } });
  });

  it('fills a bastion only where there is one', () => {
    expect(effective(exampleText('ssh: {bastion: {host: b}}'))).toMatchObject({
      ssh: { bastion: { host: 'b', port: 22, user: 'root' } },
    });
  });

  it('leaves out what is not used, and an empty oidc', () => {
    const text = exampleText(
      'salt: {master: {timeout: 9}}',
      'addons: {dex: {enabled: true}}',
      'kubernetes: {apiServer: {oidc: {}}}',
    );
    expect(effective(text)).toEqual(effective(exampleText()));
  });

  it('keeps what is given', () => {
    const text = exampleText(
      'debug: true',
      'kubernetes: {apiServer: {featureGates: {A: false}}, coreDNS: {affinity: {podAntiAffinity: {soft: []}}}}',
    );
    expect(effective(text)).toMatchObject({
      debug: true,
      kubernetes: {
        apiServer: { featureGates: { A: false } },
        coreDNS: { affinity: { podAntiAffinity: { soft: [] } } },
      },
    });
  });

  it.each([
    ['the least', exampleText()],
    ['all defaults', printDefaults()],
    ['all examples', printDefaults().replaceAll(/^(\s*)#(?=\S)/gm, '$1')],
  ])('of %s is valid itself, and means the same', (_, text) => {
    const once = effective(text);
    const { findings } = validateText(stringify(once, { aliasDuplicateObjects: false }));
    expect(findings.filter(({ rule }) => rule !== 'no-backups-yet')).toEqual([]);
    expect(effective(stringify(once))).toEqual(once);
  });

  it('leaves what it is given as it is', () => {
    const validation = validateText(exampleText());
    if (!validation.valid) throw new Error('the example is not valid');
    const before = structuredClone(validation.configuration);
    const { networks } = effectiveConfiguration(validation.configuration);
    (networks.pods as string[]).push('changed');
    expect(validation.configuration).toEqual(before);
    expect(effective(exampleText())).toMatchObject({ networks: { pods: ['10.233.0.0/16'] } });
  });
});

function effective(text: string): unknown {
  const validation = validateText(text);
  if (!validation.valid) throw new Error(JSON.stringify(validation.findings));
  return effectiveConfiguration(validation.configuration);
}
