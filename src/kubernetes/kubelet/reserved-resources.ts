import type { HostFacts } from '../cluster-node.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** A share of what lies above the limit before it. */
interface Step {
  readonly upTo: number;
  readonly share: number;
}

/** Small hosts give a large part, large ones little more. */
const memorySteps: readonly Step[] = [
  { upTo: 4 * GIB, share: 0.25 },
  { upTo: 8 * GIB, share: 0.2 },
  { upTo: 16 * GIB, share: 0.1 },
  { upTo: 128 * GIB, share: 0.06 },
  { upTo: Number.POSITIVE_INFINITY, share: 0.02 },
];
const cpuSteps: readonly Step[] = [
  { upTo: 1, share: 0.06 },
  { upTo: 2, share: 0.01 },
  { upTo: 4, share: 0.005 },
  { upTo: Number.POSITIVE_INFINITY, share: 0.0025 },
];
/** What the kubelet and the runtime take on a host with less than 1 GiB. */
const LEAST_MEMORY = 255 * MIB;

/** Memory and processors that pods of users cannot have; the formula is that of Google Kubernetes Engine, as the original's was. */
export function kubeReserved({ cpus, memoryBytes }: Pick<HostFacts, 'cpus' | 'memoryBytes'>): Record<string, string> {
  const memory = memoryBytes < GIB ? LEAST_MEMORY : sumOf(memorySteps, memoryBytes);
  const millicpus = sumOf(cpuSteps, cpus) * 1000;
  return { cpu: `${Math.round(millicpus)}m`, memory: `${Math.round(memory / MIB)}Mi` };
}

function sumOf(steps: readonly Step[], amount: number): number {
  const parts = steps.map(({ upTo, share }, index) => {
    const from = steps[index - 1]?.upTo ?? 0;
    return Math.max(0, Math.min(amount, upTo) - from) * share;
  });
  return parts.reduce((sum, part) => sum + part, 0);
}
