import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { certificateSpecifications } from '../../src/kubernetes/pki/certificate-specifications.ts';
import { ensureCertificate } from '../../src/pki/ensure-certificate.ts';
import { pkiNode } from '../support/pki/nodes.ts';
import { rootedStore } from '../support/pki/rooted-store.ts';

const KILLS = 50;
const LONGEST_RUN_MS = 100;
const PKI = '/etc/kubernetes/pki';
const [ca, , , apiserver] = certificateSpecifications(pkiNode());

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'metalk8s-kill-'));
  await ensure();
});
afterAll(() => rm(root, { recursive: true }));

it(`leaves the old pair or the new one when a renewal is killed, ${KILLS} times`, async () => {
  const seen = new Set<string>();
  for (let kill = 0; kill < KILLS; kill += 1) {
    await runAndKill('renew-forever.ts', Math.random() * LONGEST_RUN_MS);
    seen.add(await validPair());
  }
  // The loop did renew, so that there was something to interrupt.
  expect(seen.size).toBeGreaterThan(KILLS / 2);
  await recovers();
});

it(`leaves what the next run completes when the making of a pair is killed, ${KILLS} times`, async () => {
  const left = new Set<string>();
  for (let kill = 0; kill < KILLS; kill += 1) {
    await runAndKill('make-forever.ts', Math.random() * LONGEST_RUN_MS);
    const names = await readdir(join(root, PKI));
    const [hasKey, hasCertificate] = ['apiserver.key', 'apiserver.crt'].map((name) => names.includes(name));
    // The removal between two rounds takes the certificate first, so that a certificate alone is never seen.
    expect(hasCertificate && !hasKey).toBe(false);
    if (hasCertificate) await validPair();
    left.add(`${hasKey} ${hasCertificate}`);
    await recovers();
  }
  expect([...left]).toContain('false false');
});

async function runAndKill(program: string, milliseconds: number): Promise<void> {
  const child = execa(process.execPath, [join(import.meta.dirname, 'fixtures', program), root], {
    reject: false,
    buffer: false,
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  await sleep(milliseconds);
  child.kill('SIGKILL');
  const { signal } = await child;
  expect(signal, `${program} ended by itself`).toBe('SIGKILL');
}

/** Checks the pair with nothing of ours but its paths, and tells which one it is. */
async function validPair(): Promise<string> {
  const [authority, certificate, key] = await Promise.all(
    ['ca.crt', 'apiserver.crt', 'apiserver.key'].map((name) => readFile(join(root, PKI, name), 'utf8')),
  );
  const leaf = new X509Certificate(certificate ?? '');
  expect(leaf.checkPrivateKey(createPrivateKey(key ?? ''))).toBe(true);
  expect(leaf.verify(new X509Certificate(authority ?? '').publicKey)).toBe(true);
  return leaf.serialNumber;
}

/** A next run ends with a valid pair and leaves nothing that a killed one has prepared. */
async function recovers(): Promise<void> {
  await ensure();
  await validPair();
  const written = await ensure(Number.POSITIVE_INFINITY);
  expect(written).toBe(true);
  expect((await readdir(join(root, PKI))).sort()).toEqual(['apiserver.crt', 'apiserver.key', 'ca.crt', 'ca.key']);
}

async function ensure(renewWithinDays = 0): Promise<boolean | undefined> {
  const context = { store: rootedStore(root), now: new Date(), renewWithinDays };
  if (ca) await ensureCertificate(ca, context);
  return apiserver && (await ensureCertificate(apiserver, context)).changed;
}
