import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Sum } from '../../../src/disc/sums.ts';
import type { GatheredFacts } from '../../../src/facts/gathered-facts.ts';
import type { BootstrapInputs } from '../../../src/plan/bootstrap-plan.ts';
import type { AvailableArchive } from '../../../src/plan/node-archives.ts';
import type { PlanTemplates } from '../../../src/plan/planned-node.ts';
import { nodeTemplates } from '../../../src/product/node-templates.ts';
import { registryTemplates } from '../../../src/product/registry-templates.ts';
import { saltTemplates } from '../../../src/product/salt-templates.ts';
import type { ArchiveDescription } from '../../../src/release/archive-description.ts';
import { manifestObjects, manifestText } from '../../kubernetes/objects/calico/manifest.ts';
import { carriedPackages } from '../archive/carried-packages.ts';
import { describedDisc } from '../archive/described-disc.ts';
import { hostFacts } from '../kubernetes/cluster-node.ts';
import { exampleConfiguration } from '../kubernetes/example-configuration.ts';
import { FORMULAS } from '../salt/salt-node.ts';

const IMAGES = [
  'registry.k8s.io/kube-apiserver:v1.36.3',
  'registry.k8s.io/kube-controller-manager:v1.36.3',
  'registry.k8s.io/kube-scheduler:v1.36.3',
  'registry.k8s.io/kube-proxy:v1.36.3',
  'registry.k8s.io/coredns/coredns:v1.14.2',
  'registry.k8s.io/pause:3.10.2',
  'registry.k8s.io/etcd:3.6.8-0',
  'docker.io/library/nginx:1.22.1',
  'docker.io/calico/node:v3.0.0',
  'docker.io/calico/cni:v3.0.0',
  'docker.io/calico/kube-controllers:v3.0.0',
];

/** The texts that are really used. */
async function planTemplates(): Promise<PlanTemplates> {
  const [node, registry, salt] = await Promise.all([nodeTemplates(), registryTemplates(), saltTemplates()]);
  return { node, registry, salt };
}

/** An archive with everything that a first node needs. */
export async function availableArchive(
  changes: Partial<AvailableArchive> = {},
  description: Partial<ArchiveDescription> = {},
): Promise<AvailableArchive> {
  const version = description.version ?? '136.0.0';
  return {
    description: { ...describedArchive(version), ...description },
    sums: [...(await formulas()), { path: `packages/keys/${'AB'.repeat(20)}.asc`, sha256: digest('key') }],
    sumsSha256: digest(version),
    path: `/data/metalk8s-${version}.iso`,
    kind: 'image',
    stays: true,
    ...changes,
  };
}

export function gatheredFacts(changes: Partial<GatheredFacts> = {}): GatheredFacts {
  return {
    ...hostFacts(),
    platform: 'el9/x86_64',
    addresses: ['192.0.2.7', '10.200.1.11', '10.200.2.11'],
    mountsImages: true,
    administrator: { name: 'ada', group: 'ada', home: '/home/ada' },
    ...changes,
  };
}

/** The least that a configuration can say, with lines at its end. */
export async function bootstrapInputs(
  changes: Partial<BootstrapInputs> = {},
  ...lines: readonly string[]
): Promise<BootstrapInputs> {
  return {
    configuration: exampleConfiguration(...lines),
    version: '136.0.0',
    archives: [await availableArchive()],
    facts: gatheredFacts(),
    templates: await planTemplates(),
    calicoManifest: manifestText(manifestObjects()),
    ...changes,
  };
}

function describedArchive(version: string): ArchiveDescription {
  const images = IMAGES.map((reference) => ({
    reference,
    digest: `sha256:${digest(reference)}`,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    size: 1000,
    children: [],
  }));
  const { description } = describedDisc({ version, packages: carriedPackages(1000) });
  return { ...description, lock: { ...description.lock, version, images } };
}

/** The formulas of the project, as a disc has them. */
async function formulas(): Promise<readonly Sum[]> {
  const found = await readdir(FORMULAS, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.sort().map(async (file) => ({
      path: `salt/${relative(FORMULAS, file)}`,
      sha256: digest(await readFile(file)),
    })),
  );
}

function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
