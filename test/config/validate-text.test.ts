import { describe, expect, it } from 'vitest';
import { validateText } from '../../src/config/validate-text.ts';
import type { Finding } from '../../src/documents/finding.ts';
import { exampleText } from './example.ts';

describe('a valid configuration', () => {
  it('may say the least', () => {
    expect(validateText(exampleText())).toEqual({
      valid: true,
      findings: [],
      configuration: {
        apiVersion: 'metalk8s.scality.com/v1alpha3',
        kind: 'BootstrapConfiguration',
        networks: { controlPlane: { cidr: '10.200.1.0/24' }, workloadPlane: { cidr: '10.200.2.0/24' } },
        ca: { minion: 'bootstrap' },
        archives: '/srv/metalk8s.iso',
      },
    });
  });

  it.each([
    ['a byte order mark', `\uFEFF${exampleText()}`],
    ['Windows line ends', exampleText().replaceAll('\n', '\r\n')],
    ['a document start and end', `---\n${exampleText()}...\n`],
    ['a version directive', `%YAML 1.2\n---\n${exampleText()}`],
    ['comments', `# one\n${exampleText('# two')}`],
    ['entries without a value', exampleText('proxies:', 'kubernetes:', '  coreDNS: ~', 'debug: null')],
    [
      'anchors and aliases',
      exampleText().replace('cidr: 10.200.1', 'cidr: &n 10.200.1').replace('10.200.2.0/24', '*n'),
    ],
    ['one JSON document', JSON.stringify({ ...(validated(exampleText()) as object) })],
    ['every plane in several networks', exampleText().replace('10.200.1.0/24', '[10.200.1.0/24, 10.201.1.0/24]')],
  ])('may have %s', (_, text) => {
    expect(validateText(text)).toMatchObject({ valid: true, findings: [] });
  });

  it('has the file of before with every field of the original', () => {
    const text = exampleText(
      'proxies: {http: http://proxy:3128, https: http://proxy:3128, no_proxy: [localhost, 127.0.0.1, 10.10.0.0/16]}',
      'debug: True',
      'addons: {dex: {enabled: True}, loki: {enabled: false}, fluent-bit: {enabled: false}}',
      'kubernetes:',
      '  apiServer:',
      '    oidc: {}',
      '    featureGates: {SomeGate: True}',
      '  controllerManager: {config: {terminatedPodGCThreshold: 500}}',
      '  coreDNS:',
      '    hostForward: false',
      '    replicas: 2',
      '    affinity: {podAntiAffinity: {hard: [], soft: [{topologyKey: kubernetes.io/hostname, weight: 100}]}}',
      '  kubelet: {config: {maxPods: 110}}',
      'salt: {master: {worker_threads: 12, timeout: 20}}',
    );
    expect(paths(text)).toEqual({
      'addons.dex': 'unused-field',
      'addons.fluent-bit': 'unused-field',
      'addons.loki': 'unused-field',
      'salt.master': 'unused-field',
    });
    expect(validateText(text).valid).toBe(true);
  });
});

describe('warnings', () => {
  it.each([
    ['debug: yes', 'debug', 'yaml-1.1-boolean'],
    ['debug: Off', 'debug', 'yaml-1.1-boolean'],
    ['salt: {master: {timeout: 20}}', 'salt.master', 'unused-field'],
    ['proxies: {no_proxy: [localhost]}', 'proxies.no_proxy', 'no-proxy-without-proxy'],
    ['backup: {recipientFile: /etc/recipient.asc}', 'backup.recipientFile', 'no-backups-yet'],
    ['ssh: {user: admin}', 'ssh.user', 'user-without-sudo'],
    [
      'kubernetes: {kubelet: {config: {maxPods: 255}}}',
      'kubernetes.kubelet.config.maxPods',
      'more-pods-than-addresses',
    ],
  ])('%s is valid, with a warning', (line, path, rule) => {
    expect(validateText(exampleText(line)).valid).toBe(true);
    expect(paths(exampleText(line))).toEqual({ [path]: rule });
  });

  it.each([
    ['  pods: 10.4.0.0/23', 'networks.pods', 'pod-network-size'],
    ['  cni: none\n  portmap: {cidr: 10.200.2.0/24}', 'networks.portmap.cidr', 'host-ports-without-calico'],
  ])('%s is valid within networks, with a warning', (line, path, rule) => {
    const text = exampleText().replace('\nca:', `\n${line}\nca:`);
    expect(validateText(text).valid).toBe(true);
    expect(paths(text)).toEqual({ [path]: rule });
  });

  it('tells networks of one plane that overlap', () => {
    const text = exampleText().replace('cidr: 10.200.1.0/24', 'cidr: [10.200.0.0/16, 10.200.1.0/24]');
    expect(paths(text)).toEqual({ 'networks.controlPlane.cidr[1]': 'redundant-cidr' });
  });

  it('takes the old booleans at their word', () => {
    expect(validated(exampleText('debug: yes'))).toMatchObject({ debug: true });
    expect(validated(exampleText('kubernetes: {coreDNS: {hostForward: NO}}'))).toMatchObject({
      kubernetes: { coreDNS: { hostForward: false } },
    });
  });

  it('takes no quoted text for a boolean', () => {
    expect(paths(exampleText('debug: "yes"'))).toEqual({ debug: 'wrong-type' });
  });
});

describe('findings', () => {
  it('are told all at once, in the order of the file', () => {
    const text = exampleText('debug: maybe', 'ssh: {port: 0, usr: root}', 'backup: {retention: none}');
    expect(validateText(text).findings.map(({ path, line, column }) => `${path} ${line}:${column}`)).toEqual([
      'debug 11:8',
      'ssh.port 12:13',
      'ssh.usr 12:16',
      'backup.retention 13:21',
    ]);
  });

  it('of networks that overlap do not rest on a network that is itself wrong', () => {
    const text = exampleText().replace('\nca:', '\n  pods: 10.96.0.0/99\n  services: 10.233.0.0/16\nca:');
    expect(paths(text)).toEqual({ 'networks.pods': 'invalid-ipv4-cidr' });
  });

  it('of rules are told beside mistakes elsewhere', () => {
    const text = exampleText('debug: maybe').replace('\nca:', '\n  pods: 10.96.0.0/16\nca:');
    expect(paths(text)).toEqual({ 'networks.pods': 'overlapping-networks', debug: 'wrong-type' });
  });

  it('of good items of a list are told beside bad ones', () => {
    const text = exampleText().replace('cidr: 10.200.1.0/24', 'cidr: [10.0.0.0/99, 10.96.0.0/24]');
    expect(paths(text)).toEqual({
      'networks.controlPlane.cidr[0]': 'invalid-ipv4-cidr',
      'networks.controlPlane.cidr[1]': 'overlapping-networks',
    });
  });

  it('end after a hundred, with the number of those left', () => {
    const text = exampleText(...Array.from({ length: 250 }, (_, index) => `unknown${index}: 1`));
    const { findings } = validateText(text);
    expect(findings).toHaveLength(101);
    expect(findings.at(-1)).toMatchObject({ rule: 'too-many', message: 'and 150 more: mend these first' });
  });

  it('count a byte order mark as no column', () => {
    expect(validateText('\uFEFFdebug: 1\n').findings.find(({ path }) => path === 'debug')).toMatchObject({ line: 1 });
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('know no key %s', (key) => {
    expect(paths(exampleText(`${key}: {debug: true}`))).toEqual({ [key]: 'unknown-key' });
  });
});

function validated(text: string): unknown {
  const validation = validateText(text);
  return validation.valid ? validation.configuration : validation.findings;
}

/** The rules that were broken, by path. */
function paths(text: string): Record<string, Finding['rule']> {
  return Object.fromEntries(validateText(text).findings.map(({ path, rule }) => [path, rule]));
}
