import { statSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BuildContext } from '../../src/build/build-context.ts';
import { type FetchedImages, fetchImages } from '../../src/build/images/fetch-images.ts';
import { catalogueOf, layoutFiles } from '../../src/build/images/layout-files.ts';
import { type ImagesProof, proveImages } from '../../src/build/proofs/prove-images.ts';
import { proveRegistry, type RegistryProof } from '../../src/build/proofs/prove-registry.ts';
import type { StoredSource } from '../../src/disc/disc-file.ts';
import { MetalK8sError } from '../../src/errors/metalk8s-error.ts';
import type { StepReport } from '../../src/events/step-report.ts';
import { kubeadmImages } from '../../src/kubernetes/kubeadm-images.ts';
import { registryTemplates } from '../../src/product/registry-templates.ts';
import { ORACLE_VERSIONS } from '../support/kubeadm/versions.ts';
import { makeLayout } from '../support/registry/image-layout.ts';
import { registryProof } from '../support/registry/proof.ts';
import { sampleRepositories } from '../support/registry/sample.ts';
import { binaries } from '../support/release/binaries.ts';
import { type TestRelease, testRelease } from '../support/release/release.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';
import { directoryOfTests } from '../support/test-directory.ts';

const report = (line: string) => void process.stderr.write(`${line}\n`);

const CALICO = ['node', 'cni', 'kube-controllers'].map((name) => `docker.io/calico/${name}:v3.28.5`);

const directory = directoryOfTests();
let cache: string;

beforeEach(async () => {
  // Longer than the path of a socket may be.
  cache = join(await mkdtemp(join(directory, 'cache-')), 'a folder'.repeat(15));
  await mkdir(cache);
});

interface Proven {
  readonly unchanged: boolean;
  readonly requests: number;
}

async function prove(proof: RegistryProof, changes: Partial<BuildContext> = {}): Promise<Proven> {
  const told = { unchanged: false, requests: 0 };
  const step = {
    progress: (done: number) => {
      told.requests = done;
    },
    unchanged: () => {
      told.unchanged = true;
    },
  } as unknown as StepReport;
  await proveRegistry(proof, { ...contextOf(cache), ...changes }, step);
  return told;
}

async function failure(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => new Error('nothing failed'),
    (thrown: unknown) => thrown,
  );
  return error instanceof MetalK8sError ? `${error.code}: ${error.message} [${error.hint ?? ''}]` : String(error);
}

/** Processes that have a path in their command line. */
async function processesOf(path: string): Promise<string[]> {
  const { stdout } = await execa('ps', ['-eo', 'pid=,args=', '-ww']);
  return stdout.split('\n').filter((line) => line.includes(path) && !line.includes('prove-forever'));
}

function contextOf(folder: string): BuildContext {
  return { cache: folder, concurrency: 2, epoch: 0, stop: new AbortController().signal, env: process.env };
}

describe('the proof of the registry', () => {
  test('asks real nginx for everything, once for the same disc', async () => {
    const { maker } = sampleRepositories(12);
    const proof = await registryProof(maker, cache);
    const first = await prove(proof);
    expect(first.unchanged).toBe(false);
    expect(first.requests).toBeGreaterThan(500);
    expect(await prove(proof)).toEqual({ unchanged: true, requests: 0 });
    const [kept = ''] = await readdir(join(cache, 'registry-proof'));
    expect(await readdir(join(cache, 'registry-proof', kept))).toEqual(['proof.json']);
    expect(await processesOf(cache)).toEqual([]);

    const image = maker.name(maker.image('oci', ['one more']), 'quay.io/one/more:v1');
    const changed = await prove(await registryProof(maker, cache));
    expect([image.size > 0, changed.unchanged, changed.requests > first.requests]).toEqual([true, false, true]);
  });

  test('works for an ordinary user', async () => {
    await chmod(directory, 0o755);
    await inTemporaryDirectory(async (home) => {
      await chmod(home, 0o777);
      const fixture = join(import.meta.dirname, 'fixtures/prove-forever.ts');
      const user = ['--reuid', '65534', '--regid', '65534', '--clear-groups', '--pdeathsig', 'KILL', '--'];
      const child = execa('setpriv', [...user, process.execPath, fixture, home], {
        reject: false,
        stdin: 'ignore',
        // As an ordinary user has it: without the folders of the system's services.
        env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
        extendEnv: false,
      });
      await firstProofOf(join(home, '0'));
      child.kill('SIGKILL');
      await child;
      await untilNone(home);
    });
  });

  test.each([
    ['a blob that is not on the disc', (file: string) => rm(file), 'status 503, not 200'],
    ['a blob that was cut short', (file: string) => writeFile(file, 'x'), '1 bytes, not 9'],
  ])('finds %s', async (_, damage, message) => {
    const maker = makeLayout();
    const image = maker.image('oci', ['the layer']);
    maker.name(image, 'quay.io/a/b:v1');
    const proof = await registryProof(maker, cache);
    const layer = proof.layout.find(({ source }) => 'size' in source && source.size === 9)?.source as StoredSource;
    await damage(layer.file);
    const told = await failure(prove(proof));
    expect(told).toMatch(
      /^STEP_FAILED: nginx does not serve the images of the disc:\nblob sha256:[0-9a-f]{64} of quay\.io\/a\/b: HEAD \/v2\/quay\.io\/a\/b\/blobs\/sha256:/,
    );
    expect(told).toContain(message);
    expect(await readdir(join(cache, 'work'))).toEqual([]);
    expect(await processesOf(cache)).toEqual([]);
  });

  test('finds a manifest with other bytes of the same number', async () => {
    const maker = makeLayout();
    maker.name(maker.image('docker', ['x']), 'quay.io/a/b:v1');
    const proof = await registryProof(maker, cache);
    const digest = proof.catalogue.repositories[0]?.manifests[0]?.digest ?? '';
    const manifest = proof.layout.find(({ path }) => digest.endsWith(path.slice(-64)))?.source as StoredSource;
    await writeFile(manifest.file, (await readFile(manifest.file, 'utf8')).replace('schemaVersion', 'schemaVersiom'));
    expect(await failure(prove(proof))).toMatch(
      /quay\.io\/a\/b:v1: GET \/v2\/quay\.io\/a\/b\/manifests\/v1: the content has digest sha256:/,
    );
  });

  test('says what nginx says when it does not start', async () => {
    const proof = await registryProof(sampleRepositories(1).maker, cache);
    const templates = {
      ...proof.templates,
      tables: { ...proof.templates.tables, text: `${proof.templates.tables.text}\nno_such_thing on;\n` },
    };
    const error = await prove({ ...proof, templates }).then(
      () => undefined,
      (thrown: MetalK8sError) => thrown,
    );
    expect(error?.message).toBe('nginx does not start with the configuration of the registry');
    expect(String(error?.cause)).toContain('unknown directive "no_such_thing"');
  });

  test('ends when it is told to stop, and leaves nothing', async () => {
    const proof = await registryProof(sampleRepositories(60).maker, cache);
    const stop = new AbortController();
    const context = { cache, concurrency: 2, epoch: 0, stop: stop.signal, env: process.env };
    const step = { progress: () => stop.abort(new MetalK8sError('INTERRUPTED', 'stopped')) } as unknown as StepReport;
    expect(await failure(proveRegistry(proof, context, step))).toContain('INTERRUPTED');
    expect(await readdir(join(cache, 'work'))).toEqual([]);
    expect(await processesOf(cache)).toEqual([]);
  });

  test('leaves no process when it is killed at any moment', async () => {
    for (const linesBefore of [1, 2, 5, 9]) {
      const folder = await mkdtemp(join(directory, 'killed-'));
      const child = execa(process.execPath, [join(import.meta.dirname, 'fixtures/prove-forever.ts'), folder], {
        reject: false,
        stdin: 'ignore',
      });
      let lines = 0;
      for await (const line of child) if (line === 'asked' && ++lines === linesBefore) child.kill('SIGKILL');
      await child.catch(() => {});
      await untilNone(folder);
    }
  });
});

/** Waits for what a proof leaves. */
async function firstProofOf(folder: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const kept = await readdir(join(folder, 'registry-proof')).catch(() => []);
    const [name] = kept.filter((each) => /^[0-9a-f]{64}$/.test(each));
    if (name !== undefined && (await stat(join(folder, 'registry-proof', name, 'proof.json'))).uid === 65_534) return;
    if (performance.now() > deadline) throw new Error(`there is no proof below ${folder}: ${kept.join(', ')}`);
    await sleep(20);
  }
}

async function untilNone(path: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  for (let left = await processesOf(path); left.length > 0; left = await processesOf(path)) {
    if (performance.now() > deadline) throw new Error(`still there:\n${left.join('\n')}`);
    await sleep(20);
  }
}

describe('the proofs of a release', () => {
  let release: TestRelease;
  let fetched: FetchedImages;
  let store: string;

  beforeAll(async () => {
    release = await testRelease({}, report);
    store = join(directory, 'release');
    const references = [...kubeadmImages('1.36.3').map(({ repository, tag }) => `${repository}:${tag}`), ...CALICO];
    const images = references.map((reference) => ({
      reference,
      source: { kind: 'layout' as const, directory: release.layout, reference },
    }));
    const quiet = { progress: () => {}, unchanged: () => {} } as unknown as StepReport;
    fetched = await fetchImages({ images, platforms: ['linux/amd64'] }, contextOf(store), quiet);
  });

  function proofOf(without: string[] = []): ImagesProof {
    const images = fetched.images.filter(({ reference }) => !without.includes(reference));
    const files = release.files.map(({ path }) => ({
      path: `upstream/calico/${basename(path)}`,
      source: { file: path, sha256: '', size: statSync(path).size },
    }));
    return {
      release: {
        version: '136.0.0',
        date: '2026-11-21',
        kubernetes: '1.36.3',
        imagePlatforms: ['linux/amd64'],
        packagePlatforms: [],
        components: [{ name: 'core', images: [], packages: [{ name: 'kubeadm', roles: ['node'] }], files: [] }],
      },
      lock: { images },
      catalogue: catalogueOf({ ...fetched, images }),
      files: [...files, { path: 'images/oci-layout', source: { content: Buffer.of(0xff) } }],
    };
  }

  test('a disc with what Calico’s manifests and kubeadm name is whole, and says why each image is there', async () => {
    const { named } = await proveImages(proofOf(), contextOf(store));
    expect(new Set(named.map(({ reference }) => reference))).toEqual(new Set(CALICO));
  });

  test('a disc that lacks an image is not made: what needs it is named', async () => {
    const lacking = ['docker.io/calico/cni:v3.28.5', 'registry.k8s.io/etcd:3.6.8-0'];
    expect(await failure(proveImages(proofOf(lacking), contextOf(store)))).toContain(
      [
        'RELEASE_INVALID: Images that something needs are not on the disc:',
        'registry.k8s.io/etcd:3.6.8-0 is not on the disc; kubeadm 1.36.3 needs it',
        'docker.io/calico/cni:v3.28.5 is not on the disc; upstream/calico/calico.yaml needs it (DaemonSet kube-system/calico-node, spec.template.spec.initContainers[0].image, and 3 more)',
      ].join('\n'),
    );
  });

  test('what is no text is refused by name', async () => {
    const files = [{ path: 'upstream/x.yaml', source: { content: Buffer.of(0xff) } }];
    const told = await failure(proveImages({ ...proofOf(), files }, contextOf(store)));
    expect(told).toContain('RELEASE_INVALID: A manifest is not UTF-8 text');
  });

  test('nginx serves it', async () => {
    const { catalogue } = proofOf();
    const layout = layoutFiles(fetched, store);
    const proof = { version: '136.0.0', catalogue, layout, templates: await registryTemplates() };
    expect((await prove(proof, { cache: store })).requests).toBeGreaterThan(90);
  });
});

test.each(ORACLE_VERSIONS)('kubeadm $version asks for what we know that it asks for', async ({ version }) => {
  const kubeadm = join(await binaries({ name: 'kubeadm', version }, report), 'kubeadm');
  const { stdout } = await execa(kubeadm, ['config', 'images', 'list', '--kubernetes-version', `v${version}`]);
  expect(kubeadmImages(version).map(({ repository, tag }) => `${repository}:${tag}`)).toEqual(stdout.split('\n'));
});
