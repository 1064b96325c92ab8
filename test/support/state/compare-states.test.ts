import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { pkiSpecifications } from '../../../src/kubernetes/pki/pki-specifications.ts';
import { ensurePki } from '../../../src/pki/ensure-pki.ts';
import { memoryStore } from '../pki/memory-store.ts';
import { pkiCluster, pkiNode } from '../pki/nodes.ts';
import { compareStates } from './compare-states.ts';
import type { HostState } from './host-state.ts';
import {
  comparedTexts,
  leftOutFields,
  leftOutKinds,
  passingFiles,
  passingLines,
  renamedFiles,
  renamedInLines,
  renamedInObjects,
  replacedCertificate,
  unlike,
} from './normalisations.ts';
import { normaliseState, type RawState } from './normalise-state.ts';
import type { RawFile } from './raw-file.ts';

const NOW = new Date('2026-11-21T10:34:20Z');
const POSSESSIONS = '/var/lib/metalk8s/possessions.json';
const CLIENT = '/var/lib/kubelet/pki/kubelet-client';

let one: RawState;
let other: RawState;
let expectedState: HostState;

beforeAll(async () => {
  one = await someState({ time: '2026-11-21-10-35-01', random: 'x7k2p', uid: 'f3b1' });
  other = await someState({ time: '2026-11-21-19-02-44', random: 'b9d4z', uid: '77aa' });
  expectedState = normaliseState(one);
});

test('two bootstraps are the same, though keys, times and names given by chance are not', () => {
  const state = normaliseState(other);
  expect(compareStates(expectedState, state)).toEqual([]);
  expect(JSON.stringify(one)).not.toBe(JSON.stringify(other));
  expect(Object.keys(state.pki.certificates)).toContain(`${CLIENT}-current.pem.crt`);
  expect(Object.keys(state.pki.certificates).length).toBeGreaterThan(15);
});

/** Of `iptables-save`, with pods whose interfaces have these names: each in the chain of all, or in one of those that begin alike. */
function dispatch(alone: readonly string[], alike: readonly string[]): readonly string[] {
  const chain = 'cali-from-wl-dispatch';
  const leap = (from: string, pod: string) =>
    `iptables*filter -A ${from} -i ${pod} -m comment --comment "cali:0123456789abcdef" -g cali-fw-${pod}`;
  const end = (from: string) =>
    `iptables*filter -A ${from} -m comment --comment "cali:0123456789abcdef" -m comment --comment "Unknown interface" -j DROP`;
  const tree = [
    `iptables*filter :${chain}-4 -`,
    `iptables*filter -A ${chain} -i cali4+ -m comment --comment "cali:0123456789abcdef" -g ${chain}-4`,
    ...alike.map((pod) => leap(`${chain}-4`, pod)),
    end(`${chain}-4`),
  ];
  return [
    `iptables*filter :${chain} -`,
    ...alone.map((pod) => leap(chain, pod)),
    ...(alike.length > 0 ? tree : []),
    end(chain),
  ];
}

test('rules for pods are the same however their interfaces are called, and one less is found', () => {
  const state = (rules: readonly string[]) => normaliseState({ files: [], objects: [], lists: { rules } });
  const flat = state(dispatch(['cali4fd610e9405', 'calid61ffdfc19b', 'cali74bc155794d'], []));
  expect(compareStates(flat, state(dispatch(['calid61ffdfc19b'], ['cali4fd610e9405', 'cali4bc155794d7'])))).toEqual([]);
  expect(compareStates(flat, state(dispatch(['calid61ffdfc19b'], ['cali4fd610e9405'])))).toEqual([
    expect.stringMatching(/^rules: missing: iptables\*filter -A cali-from-wl-dispatch -i cali<random> /),
  ]);
});

describe('what is otherwise is found', () => {
  const files: readonly [string, (files: readonly RawFile[]) => readonly RawFile[], RegExp][] = [
    ['a file more', (all) => [...all, file('/etc/new', 'x')], /^file \/etc\/new is new: f 644 0:0 sha256:/],
    ['a file less', without('/etc/plain'), /^file \/etc\/plain is missing: /],
    ['its content', change('/etc/plain', file('/etc/plain', 'y')), /^file \/etc\/plain: f 644 0:0 sha256:.* → /],
    ['its mode', change('/etc/plain', { mode: '600' }), /^file \/etc\/plain: f 644 .* → f 600 /],
    ['its owner', change('/etc/plain', { owner: '0:12' }), /^file \/etc\/plain: f 644 0:0 .* → f 644 0:12 /],
    ['its type', change('/etc/plain', { type: 'd' }), /^file \/etc\/plain: f .* → d 644 0:0$/],
    [
      'where a link leads',
      change('/etc/link', { target: 'elsewhere' }),
      /^file \/etc\/link: .* -> plain → .* -> elsewhere$/,
    ],
    [
      'the mode of a key',
      change('/etc/kubernetes/pki/ca.key', { mode: '644' }),
      /^file \/etc\/kubernetes\/pki\/ca\.key: f 600 /,
    ],
    ['the owner of a folder that is not looked into', change('/var/log', { owner: '3:3' }), /^file \/var\/log: /],
    [
      'a text beside a secret',
      edit('/etc/kubernetes/admin.conf', 'https://', 'http://'),
      /^file \/etc\/kubernetes\/admin\.conf: /,
    ],
    [
      'the length of a secret',
      edit('/etc/kubernetes/encryption.conf', /secret: ..../, 'secret: '),
      /<secret> of 29 bytes/,
    ],
    [
      'what the host had before',
      edit(POSSESSIONS, '/etc/plain', '/etc/other'),
      /^file \/var\/lib\/metalk8s\/possessions\.json: .*\/etc\/plain.* → .*\/etc\/other/,
    ],
    ['a kernel setting that was noted', edit(POSSESSIONS, 'kernel.panic', 'net.ipv4.x'), /^file .*possessions\.json: /],
  ];
  test.each(files)('of files: %s', (_, plant, expected) => {
    found({ ...other, files: plant(other.files) }, expected);
  });

  const P = '/etc/kubernetes/pki';
  const certificates: readonly [string, () => Promise<readonly RawFile[]>, RegExp][] = [
    [
      'a name',
      () => madeBy({ cluster: pkiCluster({ extraSans: { apiserver: ['more.example'] } }) }),
      /^pki certificates\[.*apiserver\.crt\]\.subjectAltNames/,
    ],
    [
      'an address',
      () => madeBy({ advertiseAddress: '10.78.0.99' }),
      /^pki certificates\[.*apiserver\.crt\]\.subjectAltNames/,
    ],
    ['the subject', () => madeBy({ nodeName: 'cp9' }), /^pki certificates\[.*\]\.subject:/],
    [
      'the kind of key',
      () => madeBy({ cluster: pkiCluster({ keyAlgorithm: 'ECDSA-P384' }) }),
      /^pki certificates\[.*ca\.crt\]\.key/,
    ],
    [
      'usage and issuer',
      () => swapped(`${P}/apiserver.crt`, `${P}/apiserver-kubelet-client.crt`),
      /^pki certificates\[.*apiserver\.crt\]\.extendedKeyUsage/,
    ],
    [
      'an authority that did not sign',
      () => fromElsewhere(`${P}/ca.crt`),
      /^pki certificates\[.*apiserver\.crt\]\.issuedBy: .* → "unknown"/,
    ],
    ['a key of another pair', () => fromElsewhere(`${P}/apiserver.key`), /^pki keys\[.*apiserver\.key\]\.belongsTo/],
    ['its end', () => madeAt(new Date(NOW.getTime() - 40 * 86_400_000)), /^pki certificates\[.*\]\.ends:/],
  ];
  test('of the kubelet’s certificate: who it is for, and not that it is one of its own', async () => {
    const elliptic = await madeBy({ cluster: pkiCluster({ keyAlgorithm: 'ECDSA-P256' }) });
    const swap = (name: string) => {
      const text = elliptic
        .filter(({ path }) => path.startsWith(`${P}/${name}.`))
        .map((each) => each.text)
        .join('');
      return compareStates(
        expectedState,
        normaliseState({ ...other, files: change(`${CLIENT}-current.pem`, { text })(other.files) }),
      ).join('\n');
    };
    expect(swap('apiserver-kubelet-client')).not.toMatch(
      /kubelet-client-current\.pem\.(?:crt|key)\]\.(?:key|keyUsage|pem):/,
    );
    expect(swap('front-proxy-client')).toMatch(/kubelet-client-current\.pem\.crt\]\.subject: /);
  });

  test.each(certificates)('of certificates and keys: %s', async (_, plant, expected) => {
    found({ ...other, files: await plant() }, expected);
  });

  const LISTS = ['packages', 'units', 'mounts', 'images', 'rules', 'sets', 'links', 'addresses', 'routes', 'settings'];
  test.each(LISTS)('of the list of %s: a line more, one less, and one twice', (list) => {
    const lines = other.lists[list] ?? [];
    found(
      { ...other, files: [], lists: { ...other.lists, [list]: [...lines, 'planted'] } },
      new RegExp(`^${list}: new: planted$`),
    );
    found(
      { ...other, files: [], lists: { ...other.lists, [list]: lines.slice(1) } },
      new RegExp(`^${list}: missing: `),
    );
    const twice = [...lines, ...lines.slice(0, 1)];
    found({ ...other, files: [], lists: { ...other.lists, [list]: twice } }, new RegExp(`^${list}: new: `));
  });

  const lines: readonly [string, string, from: string, to: string][] = [
    ['rules', 'where a rule leads', '-j KUBE-SEP-', '-j KUBE-SVC-'],
    ['rules', 'the network of pods', '10.233.0.0/16', '10.234.0.0/16'],
    ['rules', 'a rule’s table', 'iptables*nat -A KUBE-SVC-', 'iptables*filter -A KUBE-SVC-'],
    ['rules', 'a chain’s policy', ':FORWARD ACCEPT', ':FORWARD DROP'],
    ['links', 'an interface that is down', '@if4 UP', '@if4 DOWN'],
    ['addresses', 'an address of the host', '172.29.2.11', '172.29.2.12'],
    ['routes', 'a way out', 'default via 172.29.2.254', 'default via 172.29.2.253'],
    ['routes', 'a block of another size', '/26 proto 80', '/24 proto 80'],
    ['settings', 'a setting of the host', 'net.ipv4.ip_forward = 1', 'net.ipv4.ip_forward = 0'],
    ['settings', 'a setting of a pod’s interface', '.proxy_arp = 1', '.proxy_arp = 0'],
  ];
  test.each(lines)('of the list of %s: %s', (list, _, from, to) => {
    const planted = other.lists[list]?.map((line) => line.replace(from, to)) ?? [];
    expect(planted).not.toEqual(other.lists[list]);
    found({ ...other, files: [], lists: { ...other.lists, [list]: planted } }, new RegExp(`^${list}: new: `));
  });

  test.each(unlike.map(({ path }) => path))('of what is only looked at from outside: the mode of %s', (path) => {
    const files = [{ ...file(path, ''), type: 'd', mode: '755' }];
    const expected = normaliseState({ ...other, files });
    const planted = normaliseState({ ...other, files: change(path, { mode: '777' })(files) });
    expect(compareStates(expected, planted)).toEqual([`file ${path}: d 755 0:0 → d 777 0:0`]);
  });

  const objects: readonly [string, (objects: RawState['objects']) => RawState['objects'], RegExp][] = [
    [
      'one more',
      (all) => [...all, object('ConfigMap', 'planted', {})],
      /^object ConfigMap\/kube-system\/planted is new$/,
    ],
    [
      'one less',
      (all) => all.filter(({ kind }) => kind !== 'ConfigMap'),
      /^object ConfigMap\/kube-system\/settings is missing$/,
    ],
    ['a pod more', (all) => [...all, pod('zzzzz')], /^object Pod\/kube-system\/coredns-<random> \[2\]/],
    [
      'a field',
      edited('"replicas":2', '"replicas":3'),
      /^object Deployment\/kube-system\/coredns spec\.replicas: 2 → 3$/,
    ],
    ['a label', edited('"role":"infra"', '"role":"none"'), /^object Node\/kube-system\/cp1 metadata\.labels\.role: /],
    [
      'a text',
      edited('settings of the cluster', 'other settings'),
      /^object ConfigMap\/kube-system\/settings data\.text: /,
    ],
  ];
  test.each(objects)('of objects: %s', (_, plant, expected) => {
    found({ ...other, files: [], objects: plant(other.objects) }, expected);
  });

  function found(planted: RawState, expected: RegExp): void {
    const lines = compareStates(expectedState, normaliseState(planted));
    expect(lines).toEqual(expect.arrayContaining([expect.stringMatching(expected)]));
  }
});

test('everything that may differ has a reason', () => {
  const tables = [unlike, renamedFiles, passingFiles, comparedTexts, passingLines, renamedInLines, leftOutFields];
  const reasons = [...tables.flat(), ...renamedInObjects, replacedCertificate].map(({ why }) => why);
  for (const why of [...reasons, ...Object.values(leftOutKinds)]) expect(why).toMatch(/\w{3}/);
});

interface Chance {
  readonly time: string;
  readonly random: string;
  readonly uid: string;
}

/** What a bootstrap leaves, in small. */
async function someState({ time, random, uid }: Chance): Promise<RawState> {
  const secrets = await madeBy({});
  const client = ['apiserver-kubelet-client.crt', 'apiserver-kubelet-client.key'].map(
    (name) => secrets.find(({ path }) => path === `/etc/kubernetes/pki/${name}`)?.text ?? '',
  );
  return {
    files: [
      ...secrets,
      { ...file(`${CLIENT}-${time}.pem`, client.join('')), mode: '600' },
      { ...file(`${CLIENT}-current.pem`, client.join('')), type: 'l', target: `${CLIENT}-${time}.pem` },
      file('/etc/plain', 'x'),
      { path: '/etc/link', type: 'l', mode: '777', owner: '0:0', modifiedAt: 0, target: 'plain' },
      { ...file('/etc/folder', ''), type: 'd', mode: '755' },
      { ...file('/var/log', ''), type: 'd', mode: '755' },
      file('/etc/machine-id', uid),
      file(
        POSSESSIONS,
        JSON.stringify({
          entries: [
            { what: 'kernel-setting', name: 'kernel.panic', before: String(uid.length + random.charCodeAt(0)) },
            { what: 'path', path: '/etc/plain' },
          ],
        }),
      ),
    ],
    lists: {
      packages: ['kubelet-1.36.3-1.x86_64', 'salt-minion-3008.0-0.x86_64'],
      units: ['kubelet.service loaded active running', `session-${random}.scope loaded active running`],
      mounts: ['/', '/srv/metalk8s/136.0.0', `/var/lib/kubelet/pods/${uid}/volumes`],
      images: ['registry.k8s.io/pause:3.10.2', `sha256:${uid}`],
      ...network(random),
    },
    objects: [
      object('ConfigMap', 'settings', { data: { text: 'settings of the cluster' } }, uid),
      object('Deployment', 'coredns', { spec: { replicas: 2 }, status: { readyReplicas: uid } }, uid),
      object('Node', 'cp1', { metadata: { name: 'cp1', namespace: 'kube-system', labels: { role: 'infra' }, uid } }),
      object('Event', `what-${random}`, {}),
      pod(random),
      pod(random.split('').reverse().join('')),
    ],
  };
}

/** What programs print of a network with one pod, as far as that is given by chance. */
function network(random: string): RawState['lists'] {
  const hex = createHash('sha256').update(random).digest('hex');
  const [pod, mac] = [`cali${hex.slice(0, 11)}`, `fe80::${hex.slice(0, 4)}:d1ff:fe${hex.slice(4, 6)}:14fa`];
  const address = `10.233.${random.charCodeAt(0)}.${random.charCodeAt(1)}`;
  const endpoint = `KUBE-SEP-${hex
    .replace(/[^a-f]/g, '')
    .toUpperCase()
    .padEnd(16, 'Q')
    .slice(0, 16)}`;
  return {
    rules: [
      'iptables*filter :FORWARD ACCEPT',
      `iptables*nat :${endpoint} -`,
      `iptables*nat -A KUBE-SVC-TCOU7JCQXEZGVUNU ! -s 10.233.0.0/16 -m comment --comment "kube-system/kube-dns:dns" -j KUBE-MARK-MASQ`,
      `iptables*nat -A KUBE-SVC-TCOU7JCQXEZGVUNU -m comment --comment "kube-system/kube-dns:dns -> ${address}:53" -j ${endpoint}`,
      `iptables*filter -A cali-from-wl-dispatch -i ${pod} -m comment --comment "cali:${hex.slice(0, 16)}" -g cali-fw-${pod}`,
    ],
    sets: ['cali40this-host'],
    links: ['eth0@if4 UP', `${pod}@if${random.charCodeAt(2)} UP`],
    addresses: ['eth0@if4 UP 172.29.2.11/24', `vxlan.calico UNKNOWN ${address}/32 ${mac}/64`],
    routes: [
      'default via 172.29.2.254 dev eth0',
      `blackhole ${address}/26 proto 80`,
      `${address} dev ${pod} scope link`,
      `local ${mac} dev vxlan.calico proto kernel metric 0 pref medium`,
      'fe80::/64 dev eth0 proto kernel metric 256 pref medium',
    ],
    settings: ['net.ipv4.ip_forward = 1', `net.ipv4.conf.${pod}.proxy_arp = 1`],
  };
}

/** The secrets of a node as files. */
async function madeBy(changes: Parameters<typeof pkiNode>[0], now = NOW): Promise<readonly RawFile[]> {
  const store = memoryStore();
  await ensurePki(pkiSpecifications(pkiNode(changes), 'secretbox'), { store, now, renewWithinDays: 90 });
  return [...store.files.values()].map(({ path, content, mode }) => ({
    ...file(path, content),
    mode: (mode ?? 0o600).toString(8),
  }));
}

function madeAt(now: Date): Promise<readonly RawFile[]> {
  return madeBy({}, now);
}

async function swapped(path: string, by: string): Promise<readonly RawFile[]> {
  const text = other.files.find((each) => each.path === by)?.text ?? '';
  return change(path, { text })(other.files);
}

async function fromElsewhere(path: string): Promise<readonly RawFile[]> {
  const text = (await madeBy({})).find((each) => each.path === path)?.text ?? '';
  return change(path, { text })(other.files);
}

function file(path: string, text: string): RawFile {
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { path, type: 'f', mode: '644', owner: '0:0', modifiedAt: NOW.getTime(), sha256, text };
}

function without(path: string) {
  return (files: readonly RawFile[]) => files.filter((each) => each.path !== path);
}

function change(path: string, changes: Partial<RawFile>) {
  return (files: readonly RawFile[]) => files.map((each) => (each.path === path ? { ...each, ...changes } : each));
}

function edit(path: string, from: string | RegExp, to: string) {
  return (files: readonly RawFile[]) =>
    files.map((each) => (each.path === path ? { ...each, text: each.text?.replace(from, to) ?? '' } : each));
}

function edited(from: string, to: string) {
  return (objects: RawState['objects']): RawState['objects'] => JSON.parse(JSON.stringify(objects).replace(from, to));
}

function object(kind: string, name: string, fields: object, uid = 'a') {
  return { apiVersion: 'v1', kind, metadata: { name, namespace: 'kube-system', uid, resourceVersion: uid }, ...fields };
}

function pod(random: string) {
  const volumes = [{ name: `kube-api-access-${random}`, projected: {} }];
  return object('Pod', `coredns-5c7c465b4d-${random}`, { spec: { volumes }, status: { podIP: random } }, random);
}
