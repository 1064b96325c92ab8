import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiserverCertSans } from '../../src/kubernetes/pki/leaves.ts';
import { pkiSpecifications } from '../../src/kubernetes/pki/pki-specifications.ts';
import type { KeyAlgorithm } from '../../src/kubernetes/pki/specification.ts';
import { ensurePki } from '../../src/pki/ensure-pki.ts';
import { median } from '../support/bench/median.ts';
import { secondsOf } from '../support/bench/seconds-of.ts';
import { kubeadmRoot } from '../support/pki/kubeadm-root.ts';
import { pkiCluster, pkiNode } from '../support/pki/nodes.ts';
import { rootedStore } from '../support/pki/rooted-store.ts';

/**
 * `npm run bench -- pki`: all keys, certificates and kubeconfigs of a first control plane, by us in this process and by kubeadm
 * (`init phase certs all`, then `kubeconfig all`), in turns, each into an empty directory. We make 2 certificates and the encryption key
 * on top. Then a second run of ours, which changes nothing.
 */
const ROUNDS = 15;
const VERSION = '1.36.3';

for (const keyAlgorithm of ['RSA-2048', 'ECDSA-P256'] as const) {
  await bench(keyAlgorithm);
}

async function bench(keyAlgorithm: KeyAlgorithm): Promise<void> {
  const times = { ours: [] as number[], again: [] as number[], kubeadm: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    const ours = await issueOurs(keyAlgorithm);
    times.ours.push(ours.first);
    times.again.push(ours.second);
    times.kubeadm.push(await issueKubeadms(keyAlgorithm));
  }
  const ratios = times.ours.map((time, round) => time / (times.kubeadm[round] ?? time));
  process.stdout.write(
    `${keyAlgorithm}, ${ROUNDS} rounds, medians: ours ${milliseconds(times.ours)}, kubeadm ${milliseconds(times.kubeadm)}, ` +
      `ratio ${median(ratios).toFixed(2)}; our second run ${milliseconds(times.again)}\n`,
  );
}

async function issueOurs(keyAlgorithm: KeyAlgorithm): Promise<{ first: number; second: number }> {
  const root = await mkdtemp(join(tmpdir(), 'metalk8s-bench-'));
  const specifications = pkiSpecifications(pkiNode({ cluster: pkiCluster({ keyAlgorithm }) }), 'secretbox');
  const context = { store: rootedStore(root), now: new Date(), renewWithinDays: 90 };
  const first = await secondsOf(() => ensurePki(specifications, context));
  const second = await secondsOf(() => ensurePki(specifications, context));
  await rm(root, { recursive: true });
  return { first, second };
}

async function issueKubeadms(keyAlgorithm: KeyAlgorithm): Promise<number> {
  const cluster = pkiCluster({ keyAlgorithm });
  const root = await kubeadmRoot(pkiNode({ cluster }), { version: VERSION, certSans: apiserverCertSans(cluster) });
  const time = await secondsOf(async () => {
    await root.kubeadm('init', 'phase', 'certs', 'all');
    await root.kubeadm('init', 'phase', 'kubeconfig', 'all');
  });
  await root.remove();
  return time;
}

function milliseconds(times: readonly number[]): string {
  return `${(median(times) * 1000).toFixed(0)} ms`;
}
