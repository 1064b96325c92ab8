import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { beforeAll, expect, test } from 'vitest';
import { binaries } from '../support/release/binaries.ts';
import type { Descriptor } from '../support/release/images/documents.ts';
import { imageArchive } from '../support/release/images/image-archive.ts';
import { type TestRelease, testRelease } from '../support/release/release.ts';
import { directoryOfTests } from '../support/test-directory.ts';

const report = (line: string) => void process.stderr.write(`${line}\n`);

interface Document {
  readonly manifests?: readonly Descriptor[];
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
}

let release: TestRelease;
const scratch = directoryOfTests();

beforeAll(async () => {
  release = await testRelease({}, report);
});

test('the release has every image that its own kubeadm asks for', async () => {
  const kubeadm = join(await binaries({ name: 'kubeadm', version: '1.36.3' }, report), 'kubeadm');
  const { stdout } = await execa(kubeadm, ['config', 'images', 'list', '--kubernetes-version', 'v1.36.3']);
  expect(stdout.split('\n')).toHaveLength(7);
  expect(release.images.map(({ reference }) => reference)).toEqual(expect.arrayContaining(stdout.split('\n')));
});

test('the release has every image that Calico’s manifests name', async () => {
  for (const { path } of release.files) {
    const text = await readFile(path, 'utf8');
    const named = new Set([...text.matchAll(/^ +image: (\S+)$/gm)].map(([, reference]) => reference));
    expect(release.images.map(({ reference }) => reference)).toEqual(expect.arrayContaining([...named]));
  }
  expect(release.files.map(({ upstream }) => upstream.split('/').at(-1))).toContain('calico-vxlan.yaml');
});

test('each blob is there once under its own digest, and none is left over', async () => {
  const index = JSON.parse(await readFile(join(release.layout, 'index.json'), 'utf8')) as Document;
  const reached = new Set<string>();
  for (const manifest of index.manifests ?? []) await walk(manifest, reached);
  const blobs = await readdir(join(release.layout, 'blobs/sha256'));
  expect(blobs.sort()).toEqual([...reached].map((digest) => digest.slice('sha256:'.length)).sort());
  for (const name of blobs) expect(await sha256(join(release.layout, 'blobs/sha256', name))).toBe(name);
});

test('skopeo reads every image of OCI’s types under its reference', async () => {
  const readable = release.images.filter(({ mediaType }) => mediaType.includes('vnd.oci'));
  expect(readable.length).toBeGreaterThan(10);
  for (const { reference, digest } of readable) {
    const { stdout } = await execa('skopeo', ['inspect', `oci:${release.layout}:${reference}`]);
    expect(JSON.parse(stdout)).toMatchObject({ Digest: digest, Os: 'linux' });
  }
});

test('Docker’s types, an index of two processors and a reference by digest are among them', () => {
  const kinds = release.images.map(({ reference, mediaType }) => `${reference.split(/[:@]/)[0]} ${mediaType}`);
  expect(kinds).toEqual(
    expect.arrayContaining([
      'registry.k8s.io/coredns/coredns application/vnd.docker.distribution.manifest.v2+json',
      'docker.io/library/busybox application/vnd.docker.distribution.manifest.list.v2+json',
      'registry.k8s.io/pause application/vnd.oci.image.index.v1+json',
    ]),
  );
  const byDigest = release.images.find(({ reference }) => reference.includes('@'));
  expect(byDigest?.reference).toBe(`docker.io/library/busybox@${byDigest?.digest}`);
});

test('pause runs on the processor it says it is for', async () => {
  const pause = await document(imageNamed('registry.k8s.io/pause:').digest);
  const machines = [];
  for (const { digest, platform } of pause.manifests ?? []) {
    const root = await unpack(digest, `pause-${platform?.architecture}`);
    machines.push([platform?.architecture, (await readFile(join(root, 'pause'))).readUInt16LE(18)]);
  }
  // ELF's numbers: 62 is x86-64, 183 is AArch64.
  expect(machines).toEqual([
    ['amd64', 62],
    ['arm64', 183],
  ]);
});

/** A missing library shows only when a program or one of its plug-ins is loaded. */
test.each([
  ['registry.k8s.io/kube-proxy:', ['iptables-nft', '--version'], 'nf_tables'],
  ['registry.k8s.io/kube-proxy:', ['iptables-legacy', '--version'], 'legacy'],
  ['registry.k8s.io/kube-proxy:', ['iptables-nft', '-m', 'statistic', '--help'], 'statistic match options'],
  ['registry.k8s.io/kube-proxy:', ['iptables-nft', '-m', 'set', '-j', 'MASQUERADE', '--help'], 'set match options'],
  ['registry.k8s.io/kube-proxy:', ['nft', '--version'], 'nftables v'],
  ['registry.k8s.io/kube-proxy:', ['ipset', '--version'], 'ipset v'],
  ['registry.k8s.io/kube-proxy:', ['conntrack', '--version'], 'conntrack v'],
  ['registry.k8s.io/kube-proxy:', ['ip', '-V'], 'iproute2'],
  ['registry.k8s.io/kube-proxy:', ['modprobe', '--version'], 'kmod version'],
  ['registry.k8s.io/kube-proxy:', ['/usr/local/bin/kube-proxy', '--version'], 'Kubernetes v1.36.3'],
  ['docker.io/calico/node:', ['/bin/calico-node', '-v'], 'v3.28.5'],
  ['docker.io/calico/node:', ['bash', '-c', 'which runsvdir start_runit sv'], '/usr/sbin/start_runit'],
  ['docker.io/calico/node:', ['iptables', '--version'], 'legacy'],
  ['docker.io/calico/cni:', ['/opt/cni/bin/calico-ipam', '-v'], 'v3.28.5'],
  ['docker.io/calico/kube-controllers:', ['/usr/bin/kube-controllers', '-version'], 'v3.28.5'],
  ['registry.k8s.io/etcd:', ['/usr/local/bin/etcdctl', 'version'], '3.6.8'],
  ['registry.k8s.io/coredns/coredns:', ['/coredns', '-version'], 'CoreDNS-1.14.2'],
  ['docker.io/library/nginx:', ['/docker-entrypoint.sh', 'nginx', '-v'], 'nginx/1.22.1'],
  [
    'docker.io/library/nginx:',
    [
      'sh',
      '-c',
      'echo "include /etc/nginx/modules-enabled/*.conf; events {} stream {}" >/tmp/conf; nginx -t -e stderr -c /tmp/conf',
    ],
    'test is successful',
  ],
  ['docker.io/library/busybox:', ['wget', '--help'], 'BusyBox v1.35.0'],
] as const)('in %s, %j works', async (prefix, command, said) => {
  const root = await unpack(imageNamed(prefix).digest, prefix.replaceAll('/', '_'));
  const env = { PATH: '/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };
  const options = { env, extendEnv: false, all: true, reject: false, stdin: 'ignore' } as const;
  const { all } = await execa('/usr/sbin/chroot', [root, ...command], options);
  expect(all).toContain(said);
});

test('an archive of some images holds these under names that containerd reads, and nothing else', async () => {
  const references = [imageNamed('registry.k8s.io/pause:').reference, imageNamed('docker.io/library/nginx:').reference];
  const archive = await imageArchive(release.layout, references, report);
  const root = join(scratch, 'archive');
  await mkdir(root);
  await execa('tar', ['-C', root, '-xf', archive]);
  const index = JSON.parse(await readFile(join(root, 'index.json'), 'utf8')) as Document;
  expect(index.manifests?.map(({ annotations }) => annotations?.['io.containerd.image.name'])).toEqual(references);
  const reached = new Set<string>();
  for (const manifest of index.manifests ?? []) await walk(manifest, reached);
  expect((await readdir(join(root, 'blobs/sha256'))).sort()).toEqual(
    [...reached].map((digest) => digest.slice('sha256:'.length)).sort(),
  );
});

/** Unpacks an image's layers (of the first variant of an index) into a folder, once. */
async function unpack(digest: string, name: string): Promise<string> {
  const root = join(scratch, name);
  if (await stat(root).catch(() => undefined)) return root;
  await mkdir(root);
  const top = await document(digest);
  const manifest = top.manifests?.[0] ? await document(top.manifests[0].digest) : top;
  for (const layer of manifest.layers ?? []) {
    await execa('tar', ['-C', root, '--no-same-owner', '-xzf', blob(layer.digest)]);
  }
  return root;
}

/** Collects the digests that a descriptor leads to; sizes must be as said. */
async function walk(descriptor: Descriptor, reached: Set<string>): Promise<void> {
  if (reached.has(descriptor.digest)) return;
  reached.add(descriptor.digest);
  expect((await stat(blob(descriptor.digest))).size).toBe(descriptor.size);
  if (!descriptor.mediaType.endsWith('+json') || descriptor.mediaType.includes('config')) return;
  if (descriptor.mediaType.includes('container.image')) return;
  const { manifests = [], config, layers = [] } = await document(descriptor.digest);
  for (const child of [...manifests, ...(config ? [config] : []), ...layers]) await walk(child, reached);
}

function imageNamed(prefix: string) {
  const found = release.images.find(({ reference }) => reference.startsWith(prefix));
  if (!found) throw new Error(`the release has no image ${prefix}`);
  return found;
}

async function document(digest: string): Promise<Document> {
  return JSON.parse(await readFile(blob(digest), 'utf8')) as Document;
}

function blob(digest: string): string {
  return join(release.layout, 'blobs/sha256', digest.slice('sha256:'.length));
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
