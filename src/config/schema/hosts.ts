import type { ObjectSchema, Schema } from '../../documents/schema.ts';

const user: Schema = {
  title: 'User',
  description: 'The user to log in as. With another than root, set sudo.',
  type: 'string',
  format: 'user-name',
  default: 'root',
};

const port: Schema = {
  title: 'Port',
  description: 'The port that sshd listens on.',
  type: 'integer',
  minimum: 1,
  maximum: 65535,
  default: 22,
};

const keyFile: Schema = {
  title: 'Private key',
  description: 'Private key file on the machine that runs metalk8s; left out, the keys of the SSH agent.',
  type: 'string',
  format: 'absolute-path',
  examples: ['/etc/metalk8s/ssh/id_ed25519'],
};

const bastion: ObjectSchema = {
  title: 'Bastion',
  description:
    'A host to jump through (ProxyJump) where nodes are not reached directly. Its host key is verified like any other.',
  type: 'object',
  additionalProperties: false,
  required: ['host'],
  properties: {
    host: {
      title: 'Host',
      description: 'Address or name of the bastion.',
      type: 'string',
      format: 'host',
      examples: ['bastion.example.com'],
    },
    port,
    user: { ...user, description: 'The user to log in as on the bastion; it needs no rights there.' },
    keyFile,
  },
};

export const ssh: ObjectSchema = {
  title: 'SSH',
  description:
    "How other hosts are reached, unless a node's own annotations say otherwise. Host keys are always verified, and there is no field " +
    'for a password: a sudo password is asked for, or read from a file that a flag names. This release reaches no other host yet.',
  type: 'object',
  additionalProperties: false,
  properties: {
    user,
    port,
    sudo: {
      title: 'sudo',
      description: 'Whether to become root by sudo after logging in.',
      type: 'boolean',
      default: false,
    },
    keyFile,
    knownHosts: {
      title: 'Known hosts',
      description: "File of host keys, or of a host certificate authority, in OpenSSH's known_hosts format.",
      type: 'string',
      format: 'absolute-path',
      default: '/etc/metalk8s/known_hosts',
    },
    bastion,
  },
};

export const proxies: ObjectSchema = {
  title: 'Proxies',
  description:
    'HTTP proxies for containerd, for images of registries that no archive has any of: what an archive has images of is asked of the ' +
    'nodes alone. metalk8s itself and the components of Kubernetes use none. A URL may hold no user name or password: the ' +
    'configuration is no place for secrets.',
  type: 'object',
  additionalProperties: false,
  properties: {
    http: {
      title: 'HTTP proxy',
      description: 'Proxy for plain HTTP.',
      type: 'string',
      format: 'proxy-url',
      examples: ['http://proxy.example.com:3128'],
    },
    https: {
      title: 'HTTPS proxy',
      description: 'Proxy for HTTPS.',
      type: 'string',
      format: 'proxy-url',
      examples: ['http://proxy.example.com:3128'],
    },
    no_proxy: {
      title: 'Not proxied',
      description:
        'Hosts, domains (.example.com), addresses and CIDRs to reach without proxy, beside localhost, the planes, pods and services.',
      type: 'array',
      items: {
        title: 'Entry',
        description: 'Host, domain, address or CIDR.',
        type: 'string',
        format: 'no-proxy-entry',
      },
      default: [],
      examples: [['registry.example.com', '192.168.0.0/16']],
    },
  },
};

export const backup: ObjectSchema = {
  title: 'Backup',
  description:
    "Backups of the control plane. They hold the cluster's private keys, so they are written encrypted or not at all. This release makes " +
    'none yet.',
  type: 'object',
  additionalProperties: false,
  properties: {
    directory: {
      title: 'Directory',
      description: 'Where backups are kept on each control-plane node.',
      type: 'string',
      format: 'absolute-path',
      default: '/var/lib/metalk8s/backups',
    },
    retention: {
      title: 'Retention',
      description: 'How many backups are kept; the oldest are deleted.',
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      default: 5,
    },
    schedule: {
      title: 'Schedule',
      description: 'When backups are made: minute, hour, day of month, month and day of week as in cron, in UTC.',
      type: 'string',
      format: 'cron',
      default: '0 2 * * *',
    },
    recipientFile: {
      title: 'Recipient',
      description:
        'OpenPGP public key of whoever may read the backups. Its private key belongs somewhere else than on the cluster. Left out, ' +
        'no backup is made by schedule.',
      type: 'string',
      format: 'absolute-path',
      examples: ['/etc/metalk8s/backup-recipient.asc'],
    },
  },
};
