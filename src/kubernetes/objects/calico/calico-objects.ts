import { createHash } from 'node:crypto';
import type { LockedImage } from '../../../release/lock.ts';
import { isRecord } from '../../../values/is-record.ts';
import { LOOPBACK, listeners } from '../../listeners.ts';
import { SYSTEM_NAMESPACE } from '../../static-pods/pod.ts';
import type { ApiObject, ClusterObject } from '../api-object.ts';
import { infraToleration } from '../node-marks.ts';
import { withFields } from '../object-addition.ts';
import { invalid, patchObject, readManifest, type UpstreamManifest } from '../upstream-manifest.ts';
import { type Container, imageByDigest, mapContainers, podOf, withVariables } from '../workload.ts';
import type { CalicoSettings } from './calico-settings.ts';

/** Where the file lies on a disc, below the folder of upstream files. */
export const CALICO_MANIFEST = 'calico/calico-vxlan.yaml';

/** Bytes that VXLAN over IPv4 puts before each packet. */
const VXLAN_HEADER = 50;
/** Where Calico's installer writes a number. */
const MTU_PLACE = '__CNI_MTU__';

const CONFIG = `ConfigMap ${SYSTEM_NAMESPACE}/calico-config`;
const NODE = `DaemonSet ${SYSTEM_NAMESPACE}/calico-node`;
const CONTROLLERS = `Deployment ${SYSTEM_NAMESPACE}/calico-kube-controllers`;

/** What the file must say already: we change settings of a network that is VXLAN, and do not make one of another. */
const EXPECTED: Readonly<Record<string, string>> = { CALICO_IPV4POOL_IPIP: 'Never', FELIX_HEALTHENABLED: 'true' };
/** What we change, and so must be there. */
const CHANGED = ['IP', 'CALICO_IPV4POOL_VXLAN'];

/**
 * Calico's objects from upstream's `calico-vxlan.yaml`, in the file's order, with our settings in it. `images`: of the release's lock.
 * Throws a `RELEASE_INVALID` that names file and object where the file lacks what is changed.
 */
export function calicoObjects(
  text: string,
  settings: CalicoSettings,
  images: readonly Pick<LockedImage, 'reference' | 'digest'>[],
): readonly ClusterObject[] {
  const upstream = readManifest(text, CALICO_MANIFEST);
  const configured = patchObject(upstream, CONFIG, (object) => withNetwork(object, settings));
  const digest = digestOf(configured);
  const patched = [
    [NODE, (object: ApiObject) => withNodeSettings(object, settings, digest)],
    [CONTROLLERS, withToleration],
  ] as const;
  const manifest = patched.reduce((before, [name, change]) => patchObject(before, name, change), configured);
  return manifest.objects.map((object) => {
    const byDigest = (container: Container) => ({
      ...container,
      image: imageByDigest(container.image, images, manifest.path),
    });
    return { object: mapContainers(object, manifest.path, byDigest), write: 'apply', files: [] };
  });
}

function withNetwork(object: ApiObject, settings: CalicoSettings): ApiObject {
  const data = isRecord(object.data) ? object.data : {};
  if (data.calico_backend !== 'vxlan') throw invalid(CALICO_MANIFEST, `has no calico_backend "vxlan" in ${CONFIG}`);
  if (typeof data.veth_mtu !== 'string') throw invalid(CALICO_MANIFEST, `has no veth_mtu in ${CONFIG}`);
  return withFields(object, [
    { field: ['data', 'veth_mtu'], value: String(podMtu(settings)) },
    { field: ['data', 'cni_network_config'], value: withHostPorts(data.cni_network_config, settings) },
  ]) as ApiObject;
}

/** Bytes; interfaces of pods and the tunnel have the same. 0 has Calico find out on each host. */
function podMtu({ workloadPlaneMtu, encapsulation }: CalicoSettings): number {
  if (workloadPlaneMtu === 'auto') return 0;
  return encapsulation === 'Never' ? workloadPlaneMtu : workloadPlaneMtu - VXLAN_HEADER;
}

/** The file that Calico writes for the container runtime, with a condition of iptables on host ports. It is JSON but for a name that Calico fills in. */
function withHostPorts(text: unknown, { hostPortSubnets }: CalicoSettings): string {
  const lack = `has no cni_network_config with the plugin portmap in ${CONFIG}`;
  const parsed = parseJson(String(text).replaceAll(MTU_PLACE, `"${MTU_PLACE}"`));
  const plugins = isRecord(parsed) && Array.isArray(parsed.plugins) ? parsed.plugins : [];
  const index = plugins.findIndex((plugin) => isRecord(plugin) && plugin.type === 'portmap');
  if (index < 0) throw invalid(CALICO_MANIFEST, lack);
  const field = ['plugins', index, 'conditionsV4'];
  const changed = withFields(parsed, [{ field, value: ['-d', hostPortSubnets.join(',')] }]);
  return JSON.stringify(changed, undefined, 2).replaceAll(`"${MTU_PLACE}"`, MTU_PLACE);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function withNodeSettings(object: ApiObject, settings: CalicoSettings, digest: string): ApiObject {
  let found = 0;
  const changed = mapContainers(object, CALICO_MANIFEST, (container) => {
    if (container.name !== 'calico-node') return container;
    found++;
    checkVariables(container);
    return withVariables(container, {
      IP: 'autodetect',
      IP_AUTODETECTION_METHOD: `cidr=${settings.workloadPlane.join(',')}`,
      CALICO_IPV4POOL_VXLAN: settings.encapsulation,
      CALICO_IPV4POOL_CIDR: settings.podSubnet,
      FELIX_HEALTHHOST: LOOPBACK,
      FELIX_HEALTHPORT: String(listeners.calicoHealth.port),
      FELIX_VXLANPORT: String(listeners.calicoVxlan.port),
    });
  });
  if (found !== 1) throw invalid(CALICO_MANIFEST, `has the container calico-node ${found} times in ${NODE}, not once`);
  // Variables come from calico-config, and pods read them when they start.
  const annotation = ['spec', 'template', 'metadata', 'annotations', 'metalk8s.scality.com/config-digest'];
  return withFields(changed, [{ field: annotation, value: digest }]) as ApiObject;
}

function checkVariables({ env = [] }: Container): void {
  const values = new Map(env.map(({ name, value }) => [name, value]));
  const lacking = CHANGED.find((name) => !values.has(name));
  if (lacking !== undefined) throw invalid(CALICO_MANIFEST, `has no variable ${lacking} in ${NODE}`);
  const other = Object.entries(EXPECTED).find(([name, value]) => values.get(name) !== value);
  if (other !== undefined) throw invalid(CALICO_MANIFEST, `has no variable ${other.join('=')} in ${NODE}`);
}

function withToleration(object: ApiObject): ApiObject {
  const { tolerations } = podOf(object);
  if (!Array.isArray(tolerations)) throw invalid(CALICO_MANIFEST, `has no tolerations in ${CONTROLLERS}`);
  const field = ['spec', 'template', 'spec', 'tolerations'];
  return withFields(object, [{ field, value: [...tolerations, infraToleration] }]) as ApiObject;
}

function digestOf({ objects }: UpstreamManifest): string {
  const config = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'calico-config');
  return `sha256:${createHash('sha256').update(JSON.stringify(config?.data)).digest('hex')}`;
}
