import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { list } from 'tar';
import { beforeAll, describe, expect, test } from 'vitest';
import { createSecrets } from '../../src/errors/secrets.ts';
import {
  type BundlePart,
  type BundleReport,
  type BundleRequest,
  makeBundle,
} from '../../src/support-bundle/make-bundle.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';
import { directoryOfTests } from '../support/test-directory.ts';
import { type Answers, rootedHost } from './rooted-host.ts';

const NOW = new Date('2026-03-05T12:00:00Z');

function newKey(): string {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;
}

const keys = [newKey(), newKey(), newKey()] as const;
const [caKey, adminKey, kubeletKey] = keys;
const base64 = (text: string) => Buffer.from(text).toString('base64');
const encryptionKey = randomBytes(32).toString('base64');
const proxyPassword = 'Canary/of+the proxy';
const token = 'canary0.canary0123456789';
const planted = {
  calico: 'eyJhbGciOiJSUzI1NiJ9.eyJjYW5hcnkiOiJjYWxpY28ifQ.c2lnbmF0dXJlb2ZjYWxpY28',
  registry: 'canary-of-the-registry',
  pod: 'canary-of-a-pod',
  user: 'canary of a user’s pod',
  cut: 'canary of a cut line ',
  unknown: newKey(),
};

const certificate = '-----BEGIN CERTIFICATE-----\nMIIBcanbeseen\n-----END CERTIFICATE-----\n';
const kubeconfig = `users:\n- name: admin\n  user:\n    client-key-data: ${base64(adminKey)}\n    token: ${token}\n`;

/** All that a node has of secrets, and where it may turn up again. */
const files: Readonly<Record<string, string>> = {
  '/etc/kubernetes/admin.conf': kubeconfig,
  '/etc/kubernetes/encryption.conf': `keys:\n- name: key1\n  secret: ${encryptionKey}\n`,
  '/etc/kubernetes/pki/ca.crt': certificate,
  '/etc/kubernetes/pki/ca.key': caKey,
  '/etc/kubernetes/pki/etcd/server.key': caKey,
  '/etc/kubernetes/manifests/etcd.yaml': `kind: Pod\nspec:\n- env:\n  - name: ETCD_PASSWORD\n    value: ${planted.pod}\n`,
  '/etc/metalk8s/bootstrap.yaml': `proxies:\n  https: http://ada:${encodeURIComponent(proxyPassword)}@192.0.2.9:3128\n`,
  '/etc/metalk8s/salt/minion': 'file_client: local\n',
  '/etc/metalk8s/salt/pki/minion.pem': planted.unknown,
  '/etc/metalk8s/trust/release.gpg': 'binary',
  '/etc/containerd/config.toml': `[registry]\npassword = "${planted.registry}"\n`,
  '/etc/cni/net.d/10-calico.conflist': '{"name":"k8s-pod-network"}',
  '/etc/cni/net.d/calico-kubeconfig': `token: ${planted.calico}\n`,
  '/etc/yum.repos.d/site.repo': `[site]\nusername=ada\npassword=${planted.registry}\n`,
  '/var/lib/kubelet/config.yaml': 'kind: KubeletConfiguration\n',
  '/var/lib/kubelet/pki/kubelet-client-current.pem': certificate + kubeletKey,
  '/var/lib/metalk8s/possessions.json': '[]',
  '/var/lib/metalk8s/runs/0001-bootstrap/plan.json': JSON.stringify({ texts: [`a ${JSON.stringify(adminKey)} b`] }),
  '/var/lib/metalk8s/runs/0001-bootstrap/journal.ndjson': `{"time":"t","what":"step-begun","was":"${encryptionKey}"}\n`,
  '/var/log/metalk8s/0001-bootstrap.log': `uploaded ${base64(`x${caKey}`)}\n${caKey.split('\n')[5]}\nhttp://ada:${encodeURIComponent(proxyPassword)}@h/\n`,
  '/var/log/metalk8s/old.log.gz': '\u001f\u0000binary',
  '/var/log/metalk8s/odd\nname\u001b[31m.log': 'odd',
  '/var/log/metalk8s/.hidden.log': 'hidden',
  [`/var/log/pods/kube-system_kube-controller-manager-${'n'.repeat(63)}_${'0'.repeat(32)}/kube-controller-manager/0.log`]: `key\n${kubeletKey}`,
  '/var/log/pods/metalk8s-system_registry-node1_1/nginx/0.log': `GET ${token}\nAuthorization: Bearer ${planted.calico}\n`,
  '/var/log/pods/shop_web_2/web/0.log': planted.user,
};

/** What a journal has, an entry each line. */
const journal = `kubelet: reading ${encodeURIComponent(encryptionKey)}\nerror: ${JSON.stringify(kubeletKey)}\n${planted.unknown}\nend of the journal\n`;

/** Entries as journalctl prints them. */
function journalctl(words: readonly string[]): string {
  const entries = journal.split(/(?<=\n)/).map((line) => `2026-03-05T11:00:00.000000+0000 node1 kubelet[7]: ${line}`);
  return (words.includes('--reverse') ? entries.reverse() : entries).join('');
}

async function plant(root: string): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  await symlink('/etc/kubernetes/pki/ca.key', join(root, '/var/log/metalk8s/link.log'));
}

const answers: Answers = ([program, ...words]) => {
  if (program === 'journalctl') return journalctl(words);
  if (program === 'systemctl') return { exitCode: words.includes('--failed') ? 3 : 0, stdout: 'x.service: failed\n' };
  if (program === 'ps') return { exitCode: 3, stderr: 'ps: no\n' };
  if (program === 'kubectl' && words.includes('/readyz?verbose')) return 'ok\n';
  if (program === 'kubectl') return `kind: List\ndata:\n  config: |\n    token: ${token}\n`;
  return undefined;
};

interface Bundle {
  /** Texts by their path without the folder that all lie in. */
  readonly texts: ReadonlyMap<string, string>;
  readonly modes: ReadonlySet<number | undefined>;
}

async function readBundle(file: string): Promise<Bundle> {
  const texts = new Map<string, string>();
  const modes = new Set<number | undefined>();
  await list({
    file,
    strict: true,
    onReadEntry(entry) {
      const parts: Buffer[] = [];
      modes.add(entry.mode);
      const path = entry.path.replace('metalk8s-support/', '');
      entry.on('data', (part) => parts.push(part)).on('end', () => texts.set(path, Buffer.concat(parts).toString()));
    },
  });
  return { texts, modes };
}

function request(directory: string, host: BundleRequest['host'], rest: Partial<BundleRequest> = {}): BundleRequest {
  return {
    host,
    output: join(directory, 'bundle.tar.gz'),
    since: new Date('2020-01-01T00:00:00Z'),
    now: NOW,
    version: '136.0.0',
    secrets: createSecrets(),
    stop: new AbortController().signal,
    part: () => {},
    ...rest,
  };
}

/** Without facts, which take the shell some time. */
const quick: Answers = (command) => (command[0] === 'sh' ? { exitCode: 1 } : answers(command));

describe('the bundle of a node', () => {
  const directory = directoryOfTests();
  let host: ReturnType<typeof rootedHost>;
  let report: BundleReport;
  let bundle: Bundle;
  const parts: BundlePart[] = [];

  beforeAll(async () => {
    const root = join(directory, 'root');
    await plant(root);
    const long = `password: ${planted.cut.repeat(600_000)}\na last line\n`;
    await writeFile(join(root, '/var/log/metalk8s/long.log'), long);
    host = rootedHost(root, answers);
    report = await makeBundle(request(directory, host, { part: (part) => parts.push(part) }));
    bundle = await readBundle(report.file);
  });

  test('is whole, and for its owner alone', async () => {
    expect(parts).toEqual(['secrets', 'facts', 'programs', 'files', 'pods', 'cluster']);
    const { mode, size } = await stat(report.file);
    expect({ mode: mode & 0o777, size }).toEqual({ mode: 0o600, size: report.bytes });
    expect((await readdir(directory)).sort()).toEqual(['bundle.tar.gz', 'root']);
    expect([...bundle.modes]).toEqual([0o600]);
  });

  test('has what is needed, without a secret in any form', () => {
    const { texts } = bundle;
    const names = [...texts.keys()];
    expect(names).toEqual(
      expect.arrayContaining([
        'facts.json',
        'journals/kubelet.txt',
        'files/etc/kubernetes/pki/ca.crt',
        'files/etc/kubernetes/manifests/etcd.yaml',
        'files/etc/metalk8s/bootstrap.yaml',
        'files/etc/metalk8s/salt/minion',
        'files/etc/containerd/config.toml',
        'files/etc/cni/net.d/10-calico.conflist',
        'files/var/lib/kubelet/config.yaml',
        'files/var/lib/metalk8s/runs/0001-bootstrap/plan.json',
        'files/var/lib/metalk8s/runs/0001-bootstrap/journal.ndjson',
        'files/var/log/metalk8s/0001-bootstrap.log',
        'files/var/log/metalk8s/_hidden.log',
        'files/var/log/pods/metalk8s-system_registry-node1_1/nginx/0.log',
        'cluster/nodes.yaml',
        'index.json',
        'README.txt',
      ]),
    );
    expect(names.find((name) => name.includes('kube-controller-manager-nnn'))).toMatch(/n{63}_0{32}\/.*\/0\.log$/);
    expect(
      names.filter((name) => /\.key$|\.pem$|admin\.conf|encryption\.conf|kubeconfig|\.gpg|\.gz|link|shop/.test(name)),
    ).toEqual([]);
    expect(names.filter((name) => /[^\w./@:+=,~-]|(?:^|\/)\./.test(name))).toEqual([]);
    expect(texts.get('journals/kubelet.txt')).toContain('end of the journal');
    expect(texts.get('files/etc/kubernetes/pki/ca.crt')).toBe(certificate);

    const all = [...texts.values(), ...names].join('\n');
    const lines = [...keys, planted.unknown].flatMap((key) =>
      key.split('\n').filter((line) => /^[\w+/=]{20,}$/.test(line)),
    );
    const canaries = [
      ...lines,
      ...lines.map((line) => base64(line).slice(4, 40)),
      encryptionKey,
      encodeURIComponent(encryptionKey),
      token,
      proxyPassword,
      encodeURIComponent(proxyPassword),
      ...Object.values(planted),
    ];
    expect(canaries.filter((canary) => all.includes(canary))).toEqual([]);
  });

  test('tells what is missing, cut or left out', () => {
    const { entries } = report;
    const of = (source: string) => entries.find((entry) => entry.source.startsWith(source));
    expect(of('/var/log/metalk8s/long.log')).toMatchObject({
      state: 'cut',
      reason: 'longer than 8388608 bytes: its end',
    });
    expect(of('/var/log/metalk8s/old.log.gz')).toMatchObject({ state: 'skipped', path: null });
    expect(of('ctr')).toMatchObject({ state: 'failed', reason: 'no program ctr here', path: null });
    expect(of('ps')).toMatchObject({
      state: 'failed',
      reason: 'exit status 3',
      path: 'metalk8s-support/host/processes.txt',
    });
    const { texts } = bundle;
    expect(texts.get('README.txt')).toContain('failed: ctr --namespace=k8s.io containers list: no program ctr here\n');
    const index = JSON.parse(texts.get('index.json') ?? '');
    expect(index).toMatchObject({ host: 'node1', version: '136.0.0', entries });
  });

  test('of each journal, the newest entries in the order of time, and the kernel’s of every boot', () => {
    const asked = host.ran.filter(([program]) => program === 'journalctl');
    expect(asked).toHaveLength(5);
    for (const words of asked) {
      // systemd 239 and 252 print the oldest lines where only --since and --lines are given; 239 skips some without --until.
      expect(words).toEqual(
        expect.arrayContaining(['--reverse', '--lines=50000', expect.stringMatching(/^--until=@/)]),
      );
      // 239 does not know all of them: "Failed to parse boot descriptor 'all'".
      expect(words.filter((word) => /^--(?:boot|dmesg)/.test(word))).toEqual([]);
    }
    expect(asked.flat()).toContain('_TRANSPORT=kernel');
    const lines = bundle.texts.get('journals/kernel.txt')?.trimEnd().split('\n');
    expect(lines?.[0]).toContain('kubelet: reading');
    expect(lines?.at(-1)).toContain('end of the journal');
  });

  test('that units have failed is no failure of the program that shows them', () => {
    const entry = report.entries.find(({ path }) => path === 'metalk8s-support/host/failed-units.txt');
    expect(entry).toMatchObject({ state: 'taken', reason: null });
  });

  test('asks the API for no Secret, and to change nothing', () => {
    const words = host.ran.filter(([program]) => program === 'kubectl').flat();
    expect(words.filter((word) => word === 'get').length).toBeGreaterThan(10);
    expect(words.filter((word) => /secret|(?:^|,)all(?:,|$)/i.test(word))).toEqual([]);
    expect(words.filter((word) => /^(?:create|apply|delete|patch|edit|exec|cp|config)$/.test(word))).toEqual([]);
  });
});

describe('a bundle', () => {
  test('asks nothing more of an API that does not answer', async () => {
    await inTemporaryDirectory(async (directory) => {
      const down = rootedHost(directory, (command) =>
        command[0] === 'kubectl' ? { exitCode: 1, stderr: 'refused' } : quick(command),
      );
      const { entries } = await makeBundle(request(directory, down));
      expect(down.ran.filter(([program]) => program === 'kubectl')).toHaveLength(1);
      expect(entries.filter(({ reason }) => reason === 'the API did not answer').length).toBeGreaterThan(10);
    });
  });

  test('has no secret in the reason for which something is missing', async () => {
    await inTemporaryDirectory(async (directory) => {
      const root = join(directory, 'root');
      await plant(root);
      const host = rootedHost(root, (command) =>
        command[0] === 'tail' ? { exitCode: 1, stderr: `tail: cannot open '/x/${token}.log'\n` } : quick(command),
      );
      const { entries, file } = await makeBundle(request(directory, host));
      const { texts } = await readBundle(file);
      expect(texts.get('README.txt')).toContain("tail: cannot open '/x/[secret].log'");
      expect(JSON.stringify(entries) + [...texts.values()].join('\n')).not.toContain(token);
    });
  });

  test('is made where nothing was installed', async () => {
    await inTemporaryDirectory(async (directory) => {
      const root = join(directory, 'root');
      await mkdir(root);
      const { entries, file } = await makeBundle(request(directory, rootedHost(root)));
      expect(entries.find(({ path }) => path?.endsWith('facts.json'))?.state).toBe('taken');
      expect((await readBundle(file)).texts.has('README.txt')).toBe(true);
    });
  });

  test('has only logs of the time that was asked for, and whole runs', async () => {
    await inTemporaryDirectory(async (directory) => {
      const root = join(directory, 'root');
      await plant(root);
      const since = new Date(Date.now() + 3_600_000);
      const host = rootedHost(root, quick);
      const { entries } = await makeBundle(request(directory, host, { since }));
      const sources = entries.map(({ source }) => source);
      expect(sources.filter((source) => source.startsWith('/var/log'))).toEqual([]);
      expect(sources).toContain('/var/lib/metalk8s/runs/0001-bootstrap/plan.json');
      expect(host.ran.find(([program]) => program === 'journalctl')).toContain(
        `--since=@${Math.floor(since.getTime() / 1000)}`,
      );
    });
  });

  test('that is stopped, or has no place, leaves nothing', async () => {
    await inTemporaryDirectory(async (directory) => {
      const root = join(directory, 'root');
      await mkdir(root);
      const stopping = new AbortController();
      const reason = new Error('stopped');
      const part = (name: BundlePart) => name === 'files' && stopping.abort(reason);
      await expect(
        makeBundle(request(directory, rootedHost(root, quick), { stop: stopping.signal, part })),
      ).rejects.toBe(reason);
      await expect(
        makeBundle(request(directory, rootedHost(root, quick), { output: join(directory, 'no/such/folder.tar.gz') })),
      ).rejects.toMatchObject({ code: 'STEP_FAILED', where: join(directory, 'no/such/folder.tar.gz') });
      expect(await readdir(directory)).toEqual(['root']);
    });
  });
});
