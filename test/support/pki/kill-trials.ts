import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { certificateSpecifications } from '../../../src/kubernetes/pki/certificate-specifications.ts';
import { ensureCertificate } from '../../../src/pki/ensure-certificate.ts';
import { pkiNode } from './nodes.ts';
import { rootedStore } from './rooted-store.ts';

const LONGEST_RUN_MS = 100;
const PKI = '/etc/kubernetes/pki';
const FIXTURES = join(import.meta.dirname, '../../integration/fixtures');
const [ca, , , apiserver] = certificateSpecifications(pkiNode());

/**
 * Kills the renewal of a pair at random moments, `count` times, below an empty `root`. Throws when there is ever anything else than a whole
 * pair that the CA has signed, or when the next run does not clear up. Gives how many different pairs were seen.
 */
export async function killRenewals(root: string, count: number): Promise<number> {
  await ensure(root);
  const seen = new Set<string>();
  for (let kill = 0; kill < count; kill += 1) {
    await runAndKill('renew-forever.ts', root);
    seen.add(await validPair(root));
  }
  await recovers(root);
  return seen.size;
}

/**
 * Kills the making of a pair in the same way. Throws when there is ever a certificate without its key, or when the next run does not complete
 * the pair. Gives how often there was what.
 */
export async function killMakings(
  root: string,
  count: number,
): Promise<Record<'nothing' | 'a key' | 'a pair', number>> {
  await ensure(root);
  const left = { nothing: 0, 'a key': 0, 'a pair': 0 };
  for (let kill = 0; kill < count; kill += 1) {
    await runAndKill('make-forever.ts', root);
    const names = await readdir(join(root, PKI));
    const [hasKey, hasCertificate] = ['apiserver.key', 'apiserver.crt'].map((name) => names.includes(name));
    // The removal between two rounds takes the certificate first, so that a certificate alone is never seen.
    if (hasCertificate && !hasKey) throw new Error('there is a certificate without its key');
    if (hasCertificate) await validPair(root);
    left[hasCertificate ? 'a pair' : hasKey ? 'a key' : 'nothing'] += 1;
    await recovers(root);
  }
  return left;
}

async function runAndKill(program: string, root: string): Promise<void> {
  const child = execa(process.execPath, [join(FIXTURES, program), root], { reject: false, buffer: false });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  // The moment of the kill is what varies.
  await sleep(Math.random() * LONGEST_RUN_MS);
  child.kill('SIGKILL');
  const { signal } = await child;
  if (signal !== 'SIGKILL') throw new Error(`${program} ended by itself`);
}

/** Checks the pair with nothing of ours but its paths, and tells which one it is. */
async function validPair(root: string): Promise<string> {
  const [authority = '', certificate = '', key = ''] = await Promise.all(
    ['ca.crt', 'apiserver.crt', 'apiserver.key'].map((name) => readFile(join(root, PKI, name), 'utf8')),
  );
  const leaf = new X509Certificate(certificate);
  if (!leaf.checkPrivateKey(createPrivateKey(key))) throw new Error('the key is not that of the certificate');
  if (!leaf.verify(new X509Certificate(authority).publicKey)) throw new Error('the CA has not signed the certificate');
  return leaf.serialNumber;
}

/** A next run ends with a valid pair and leaves nothing that a killed one has prepared. */
async function recovers(root: string): Promise<void> {
  await ensure(root);
  await validPair(root);
  if (!(await ensure(root, Number.POSITIVE_INFINITY))) throw new Error('nothing was renewed');
  const names = (await readdir(join(root, PKI))).sort().join();
  if (names !== 'apiserver.crt,apiserver.key,ca.crt,ca.key') throw new Error(`there is left: ${names}`);
}

async function ensure(root: string, renewWithinDays = 0): Promise<boolean | undefined> {
  const context = { store: rootedStore(root), now: new Date(), renewWithinDays };
  if (ca) await ensureCertificate(ca, context);
  return apiserver && (await ensureCertificate(apiserver, context)).changed;
}
