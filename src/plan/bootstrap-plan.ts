import type { EffectiveConfiguration } from '../config/configuration.types.ts';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { GatheredFacts } from '../facts/gathered-facts.ts';
import { planeAddress } from '../facts/plane-address.ts';
import { clusterSettings } from '../kubernetes/cluster-settings.ts';
import { firstNodeRoles } from '../kubernetes/node-role.ts';
import { peerUrl } from '../kubernetes/static-pods/etcd.ts';
import { filesOf } from '../salt/host-state.ts';
import { nodePackages } from '../salt/node-packages.ts';
import { archiveSteps } from './archive-steps.ts';
import {
  apiserverReadyStep,
  finalizeKubeletSteps,
  healthSteps,
  kubeconfigStep,
  networkSteps,
  nodeMarkSteps,
  objectSteps,
  registryAnswersStep,
} from './cluster-steps.ts';
import { type AvailableArchive, newestFirst, placeOf, repositoryOf, servedArchive } from './node-archives.ts';
import { installPackagesStep, seedImagesStep } from './package-steps.ts';
import { makePlan, type Plan } from './plan.ts';
import { contentsOf } from './planned-file.ts';
import { type PlannedNode, type PlanTemplates, plannedNode } from './planned-node.ts';
import { formulasStep, saltFilesStep, saltPhaseStep } from './salt-steps.ts';
import { secretSteps } from './secret-steps.ts';

/** All that the plan of a first node follows from. */
export interface BootstrapInputs {
  readonly configuration: EffectiveConfiguration;
  /** Of the program that plans: the archive of this version is the one that is installed. */
  readonly version: string;
  /** Those of the configuration. */
  readonly archives: readonly AvailableArchive[];
  readonly facts: GatheredFacts;
  readonly templates: PlanTemplates;
  /** Upstream's file in that archive; not read when the configuration wants no network plugin. */
  readonly calicoManifest: string;
}

/**
 * What `bootstrap` does, from an archive and a bare host to a cluster of one node. Pure: the same inputs, in whatever order of keys, are the
 * same plan. Throws a `CONFIG_INVALID`, `RELEASE_INVALID` or `PREFLIGHT_FAILED` when the inputs do not fit each other.
 */
export function bootstrapPlan(inputs: BootstrapInputs): Plan {
  const { configuration, facts, templates, calicoManifest } = inputs;
  const archives = newestFirst(inputs.archives);
  const archive = installedArchive(archives, inputs.version);
  const { version, kubernetes, lock } = archive.description;
  const first = firstNode(inputs, archives, archive);
  const { nodeName } = first.node;
  const steps = [
    // The archive is where it stays, and what is read there is what was signed.
    ...archiveSteps(first, archives, facts.mountsImages),
    // Salt, from the archive's packages, makes the host one that Kubernetes runs on.
    installPackagesStep(first, archive.description, facts.platform),
    formulasStep(nodeName, version, archive.sums),
    saltFilesStep(first),
    saltPhaseStep(first, 'prepare'),
    // The kubelet runs the registry, and nothing else yet: all other images come from there.
    seedImagesStep(first, archive.description),
    ...secretSteps(first.node),
    saltPhaseStep(first, 'kubelet'),
    registryAnswersStep(first),
    // The control plane.
    saltPhaseStep(first, 'manifests'),
    apiserverReadyStep(first),
    // What is in the cluster, once there is one.
    ...finalizeKubeletSteps(first),
    ...objectSteps(first, configuration, templates),
    ...networkSteps(first, { configuration, images: lock.images, manifest: calicoManifest }),
    ...nodeMarkSteps(first, version),
    ...healthSteps(first, configuration),
    kubeconfigStep(first, facts.administrator),
  ];
  const files = [...first.salt.files, ...filesOf(first.salt.state)];
  return makePlan({ command: 'bootstrap', version, kubernetes }, steps, contentsOf(files));
}

function installedArchive(archives: readonly AvailableArchive[], version: string): AvailableArchive {
  const found = archives.find(({ description }) => description.version === version);
  if (found !== undefined) return found;
  const given = archives.map(({ description, path }) => `${path} (${description.version})`).join(', ');
  throw new MetalK8sError('CONFIG_INVALID', `No archive is of version ${version}, which this program is of`, {
    where: 'archives',
    hint: `Name the archive that the program came from, or start the one of an archive that is named: ${given}.`,
  });
}

function firstNode(
  { configuration, facts, templates }: BootstrapInputs,
  archives: readonly AvailableArchive[],
  { description }: AvailableArchive,
): PlannedNode {
  const nodeName = facts.hostname;
  const address = planeAddress(facts, configuration.networks, 'controlPlane');
  const { kubernetes, lock, version, packages } = description;
  const cluster = clusterSettings(configuration, {
    kubernetes,
    images: lock.images,
    controlPlaneAddresses: [address],
    etcdAddresses: [address],
  });
  const node = {
    nodeName,
    advertiseAddress: address,
    roles: firstNodeRoles,
    cluster,
    host: facts,
    etcd: { initialCluster: [{ name: nodeName, peerUrl: peerUrl(address) }], state: 'new' },
  } as const;
  const supply = {
    configuration,
    version,
    archives: archives.map((each) => placeOf(each, facts.mountsImages)),
    repositories: archives.map((each) => repositoryOf(each, facts.platform)),
    packages: nodePackages(packages, { platform: facts.platform, roles: ['node', 'bootstrap'] }),
    served: archives.map(servedArchive),
  };
  return plannedNode(node, supply, templates);
}
