/** Where everything of our Salt runs lies on a host. Nothing of it is in the folders of a Salt that somebody else runs. */
export const saltPaths = {
  /** Given to `--config-dir`; `minion.d/*.conf` in it is the administrator's. */
  configuration: '/etc/metalk8s/salt',
  /** Formulas, as they are on the disc. */
  tree: '/var/lib/metalk8s/salt/tree',
  /** Files of nodes, each in the folder `metalk8s-files` by the digest of its content. */
  files: '/var/lib/metalk8s/salt/files',
  pillar: '/var/lib/metalk8s/salt/pillar',
  cache: '/var/lib/metalk8s/salt/cache',
  keys: '/var/lib/metalk8s/salt/keys',
  sockets: '/var/lib/metalk8s/salt/sockets',
  processId: '/var/lib/metalk8s/salt/minion.pid',
  log: '/var/log/metalk8s/salt.log',
} as const;

/** Salt's own program, in the packages of its makers. */
export const SALT_CALL = '/opt/saltstack/salt/salt-call';
