import { join } from 'node:path';
import { NATIVE_ARCHITECTURE, type PackagedFile, type RpmPackage } from '../package.ts';
import { systemdScripts } from '../systemd-scripts.ts';

const ROOT = '/opt/saltstack/salt';
const RELEASE = '0';

/** Salt with its own Python, in upstream's two packages for nodes; `tree` is a directory with `opt/saltstack/salt` in it. */
export function saltPackages(version: string, tree: string): readonly RpmPackage[] {
  const common = {
    version,
    release: RELEASE,
    architecture: NATIVE_ARCHITECTURE,
    license: 'Apache-2.0',
    url: 'https://saltproject.io/',
  };
  return [
    {
      ...common,
      name: 'salt',
      summary: 'A parallel remote execution system',
      requires: ['dmidecode', 'openssl', 'pciutils', 'which', ...ACCOUNT_TOOLS],
      files: [
        { kind: 'tree', path: ROOT, source: join(tree, ROOT) },
        { kind: 'folder', path: '/etc/salt' },
        { kind: 'folder', path: '/etc/salt/pki' },
        { kind: 'folder', path: '/var/cache/salt' },
        { kind: 'folder', path: '/var/log/salt' },
      ],
      scripts: { pre: CREATE_USER },
    },
    {
      ...common,
      name: 'salt-minion',
      summary: 'Client component for Salt, a parallel remote execution system',
      requires: [`salt = ${version}-${RELEASE}`],
      files: [
        command('salt-call'),
        command('salt-minion'),
        { kind: 'text', path: '/usr/lib/systemd/system/salt-minion.service', content: MINION_SERVICE },
        { kind: 'text', path: '/etc/salt/minion', content: MINION_CONFIG, mode: 0o640, configuration: true },
        { kind: 'folder', path: '/etc/salt/minion.d' },
        { kind: 'folder', path: '/etc/salt/pki/minion', mode: 0o700 },
        { kind: 'folder', path: '/var/cache/salt/minion', mode: 0o750 },
      ],
      scripts: systemdScripts('salt-minion.service', { restarts: true }),
    },
  ];
}

const ACCOUNT_TOOLS = ['/usr/sbin/groupadd', '/usr/sbin/useradd', '/usr/sbin/usermod'];

/** The account of a Salt master; upstream's common package makes it on every node. */
const CREATE_USER = `getent group salt >/dev/null || groupadd --system salt || :
getent passwd salt >/dev/null || useradd --system --no-create-home --shell /sbin/nologin --gid salt salt || :
usermod --comment Salt --home ${ROOT} --gid salt salt || :`;

const MINION_SERVICE = `[Unit]
Description=The Salt Minion
Documentation=https://docs.saltproject.io/
After=network.target salt-master.service

[Service]
Type=notify
NotifyAccess=all
KillMode=process
LimitNOFILE=8192
ExecStart=/usr/bin/salt-minion

[Install]
WantedBy=multi-user.target
`;

const MINION_CONFIG = '# Settings of the Salt minion; the defaults hold for what is not set here or in minion.d.\n';

function command(name: string): PackagedFile {
  return { kind: 'link', path: `/usr/bin/${name}`, target: `${ROOT}/bin/${name}` };
}
