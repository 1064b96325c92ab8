import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BuildContext, StepReport } from '../../src/build/build-context.ts';
import { proveRegistry, type RegistryProof } from '../../src/build/proofs/prove-registry.ts';
import type { StoredSource } from '../../src/disc/disc-file.ts';
import { MetalK8sError } from '../../src/errors/metalk8s-error.ts';
import { kubeadmImages } from '../../src/kubernetes/kubeadm-images.ts';
import { ORACLE_VERSIONS } from '../support/kubeadm/versions.ts';
import { makeLayout } from '../support/registry/image-layout.ts';
import { registryProof } from '../support/registry/proof.ts';
import { sampleRepositories } from '../support/registry/sample.ts';
import { binaries } from '../support/release/binaries.ts';

const report = (line: string) => void process.stderr.write(`${line}\n`);

let directory: string;
let cache: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mk8s-proofs-'));
});
afterAll(() => rm(directory, { recursive: true }));
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
  const stop = new AbortController().signal;
  await proveRegistry(proof, { cache, concurrency: 2, epoch: 0, stop, env: process.env, ...changes }, step);
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
    const home = await mkdtemp(join(tmpdir(), 'mk8s-user-'));
    await chmod(home, 0o777);
    try {
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
    } finally {
      await rm(home, { recursive: true });
    }
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
    expect(await readdir(join(cache, 'registry-proof'))).toEqual([]);
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

  test('says which package has nginx when it is not there', async () => {
    const proof = await registryProof(sampleRepositories(1).maker, cache);
    const bin = join(directory, 'no-nginx');
    await mkdir(bin, { recursive: true });
    const env = { PATH: bin };
    expect(await failure(prove(proof, { env }))).toMatch(
      /^PREFLIGHT_FAILED: the program setpriv is not installed here \[Install the package util-linux/,
    );
  });

  test('ends when it is told to stop, and leaves nothing', async () => {
    const proof = await registryProof(sampleRepositories(60).maker, cache);
    const stop = new AbortController();
    const context = { cache, concurrency: 2, epoch: 0, stop: stop.signal, env: process.env };
    const step = { progress: () => stop.abort(new MetalK8sError('INTERRUPTED', 'stopped')) } as unknown as StepReport;
    expect(await failure(proveRegistry(proof, context, step))).toContain('INTERRUPTED');
    expect(await readdir(join(cache, 'registry-proof'))).toEqual([]);
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

test.each(ORACLE_VERSIONS)('kubeadm $version asks for what we know that it asks for', async ({ version }) => {
  const kubeadm = join(await binaries({ name: 'kubeadm', version }, report), 'kubeadm');
  const { stdout } = await execa(kubeadm, ['config', 'images', 'list', '--kubernetes-version', `v${version}`]);
  expect(kubeadmImages(version).map(({ repository, tag }) => `${repository}:${tag}`)).toEqual(stdout.split('\n'));
});
