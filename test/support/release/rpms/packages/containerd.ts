import { join } from 'node:path';
import { NATIVE_ARCHITECTURE, type PackagedFile, type RpmPackage } from '../package.ts';
import { systemdScripts } from '../systemd-scripts.ts';

/** Directories with the programs that the package holds. */
export interface ContainerdPrograms {
  readonly containerd: string;
  /** Unpacked Debian packages, for runc. */
  readonly debian: string;
}

/** containerd and runc, as Docker packages them for Enterprise Linux 9. */
export function containerdIo(version: string, programs: ContainerdPrograms): RpmPackage {
  const own = ['containerd', 'containerd-shim-runc-v2', 'ctr'].map(
    (name): PackagedFile => ({
      kind: 'file',
      path: `/usr/bin/${name}`,
      source: join(programs.containerd, name),
      mode: 0o755,
    }),
  );
  return {
    name: 'containerd.io',
    version,
    release: '1.el9',
    architecture: NATIVE_ARCHITECTURE,
    summary: 'An industry-standard container runtime',
    license: 'Apache-2.0',
    url: 'https://containerd.io',
    requires: ['container-selinux', 'libseccomp', 'systemd'],
    provides: ['containerd'],
    conflicts: ['containerd', 'runc'],
    obsoletes: ['containerd', 'runc'],
    files: [
      ...own,
      { kind: 'file', path: '/usr/bin/runc', source: join(programs.debian, 'usr/sbin/runc'), mode: 0o755 },
      { kind: 'text', path: '/usr/lib/systemd/system/containerd.service', content: CONTAINERD_SERVICE },
      { kind: 'folder', path: '/etc/containerd' },
      { kind: 'text', path: '/etc/containerd/config.toml', content: CONFIG, configuration: true },
    ],
    scripts: systemdScripts('containerd.service', { restarts: true }),
  };
}

/** As shipped it serves Docker alone: Kubernetes' interface is switched off. */
const CONFIG = 'disabled_plugins = ["cri"]\n';

const CONTAINERD_SERVICE = `[Unit]
Description=containerd container runtime
Documentation=https://containerd.io
After=network.target dbus.service

[Service]
Type=notify
ExecStartPre=-/sbin/modprobe overlay
ExecStart=/usr/bin/containerd
Delegate=yes
KillMode=process
Restart=always
RestartSec=5
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity
OOMScoreAdjust=-999

[Install]
WantedBy=multi-user.target
`;
