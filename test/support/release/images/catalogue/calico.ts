import { join } from 'node:path';
import type { FileSource } from '../../file-source.ts';
import {
  type ContainerConfig,
  type ImageSource,
  type LayerSource,
  NATIVE_ARCHITECTURE,
  PATH_VARIABLE,
} from '../image.ts';
import { legacyIptables } from '../iptables-wrapper.ts';
import { accountFiles, networkUserland } from '../network-userland.ts';

/** Upstream publishes the same images in both; its manifests name the first. */
const REGISTRIES = ['docker.io', 'quay.io'] as const;

/** Where the content of the images lies. */
export interface CalicoDirectories {
  /** Calico's programs, and `node-filesystem/`: upstream's services and configuration of the node image. */
  readonly calico: string;
  readonly cniPlugins: string;
  /** Unpacked Debian packages. */
  readonly debian: string;
}

/** calico/node, calico/cni and calico/kube-controllers, with the entry points and paths that upstream's manifests use. */
export function calicoImages(version: string, directories: CalicoDirectories): readonly ImageSource[] {
  return [
    image('node', version, nodeConfig(), nodeLayers(directories)),
    image('cni', version, cniConfig(), [cniLayer(directories)]),
    image('kube-controllers', version, controllersConfig(), [controllersLayer(directories)]),
  ];
}

function nodeConfig(): ContainerConfig {
  // The second variable tells runit's `sv` where the services are.
  return { Cmd: ['start_runit'], Env: [PATH_VARIABLE, 'SVDIR=/etc/service/enabled'] };
}

/** Upstream's own start-up scripts on Debian's runit. BIRD is not there: networks are VXLAN, policy only, or none. */
function nodeLayers({ calico, debian }: CalicoDirectories): readonly LayerSource[] {
  const filesystem = join(calico, 'node-filesystem');
  return [
    networkUserland(debian),
    {
      programs: {
        tree: debian,
        paths: ['bin/bash', ...['chpst', 'runsv', 'runsvdir', 'sv', 'svlogd'].map((name) => `usr/bin/${name}`)],
      },
      files: [
        ...legacyIptables(),
        { kind: 'file', path: '/usr/bin/calico-node', source: join(calico, 'calico-node'), mode: 0o4755 },
        { kind: 'file', path: '/usr/bin/mountns', source: join(calico, 'mountns'), mode: 0o4755 },
        { kind: 'file', path: '/etc/rc.local', source: join(filesystem, 'etc/rc.local'), mode: 0o755 },
        { kind: 'tree', path: '/etc/service', source: join(filesystem, 'etc/service'), fileMode: 0o755 },
        { kind: 'tree', path: '/etc/calico', source: join(filesystem, 'etc/calico'), fileMode: 0o644 },
        ...['start_runit', 'restart-calico-confd', 'versions'].map(
          (name): FileSource => ({
            kind: 'file',
            path: `/usr/sbin/${name}`,
            source: join(filesystem, 'sbin', name),
            mode: 0o755,
          }),
        ),
      ],
    },
  ];
}

function cniConfig(): ContainerConfig {
  return {
    Cmd: ['/opt/cni/bin/install'],
    Env: [`PATH=/opt/cni/bin:${PATH_VARIABLE.slice(5)}`],
    WorkingDir: '/opt/cni/bin',
  };
}

/** What the installer copies to the host: Calico's plugin under its two names, and the reference plugins it chains. */
function cniLayer({ calico, cniPlugins }: CalicoDirectories): LayerSource {
  const bin = (name: string, directory: string): FileSource => ({
    kind: 'file',
    path: `/opt/cni/bin/${name}`,
    source: join(directory, name),
    mode: 0o755,
  });
  return {
    files: [
      ...accountFiles([]),
      ...['calico', 'calico-ipam', 'install'].map((name) => bin(name, calico)),
      ...['bandwidth', 'host-local', 'loopback', 'portmap', 'tuning'].map((name) => bin(name, cniPlugins)),
    ],
  };
}

function controllersConfig(): ContainerConfig {
  return { Entrypoint: ['/usr/bin/kube-controllers'], Env: [PATH_VARIABLE], User: '999' };
}

function controllersLayer({ calico }: CalicoDirectories): LayerSource {
  const program = (name: string): FileSource => ({
    kind: 'file',
    path: `/usr/bin/${name}`,
    source: join(calico, name),
    mode: 0o755,
  });
  const ownFile = (path: string): FileSource => ({ kind: 'text', path, content: '', uid: 999 });
  return {
    files: [
      ...accountFiles([]),
      program('kube-controllers'),
      program('check-status'),
      ownFile('/status/status.json'),
      ownFile('/profiles/mem.pprof'),
      ownFile('/profiles/cpu.pprof'),
    ],
  };
}

function image(name: string, version: string, config: ContainerConfig, layers: readonly LayerSource[]): ImageSource {
  const [first, second] = REGISTRIES.map((registry) => `${registry}/calico/${name}:v${version}`) as [string, string];
  const labels = { name: `calico/${name}`, version: `v${version}`, vendor: 'Project Calico' };
  return {
    references: [first, second],
    format: 'oci',
    indexed: false,
    variants: [{ architecture: NATIVE_ARCHITECTURE, config: { ...config, Labels: labels }, layers }],
  };
}
