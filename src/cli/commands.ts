import type { CommandTable } from './command.ts';

/** Every command, in the order of the help. */
export const commands: CommandTable = {
  'build-iso': {
    summary: 'make one ISO from a release list',
    load: async () => (await import('./build-iso.ts')).buildIso,
  },
  verify: {
    summary: 'verify the signature and every byte of an archive',
    load: async () => (await import('./verify.ts')).verify,
  },
  inspect: {
    summary: 'show what an archive carries',
    load: async () => (await import('./inspect.ts')).inspect,
  },
  preflight: {
    summary: 'tell whether this host is fit to be the first node',
    load: async () => (await import('./preflight.ts')).preflight,
  },
  bootstrap: {
    summary: 'make the first node of a cluster of this host',
    load: async () => (await import('./bootstrap.ts')).bootstrap,
  },
  reset: {
    summary: 'undo bootstrap on this host, leaving nothing behind',
    load: async () => (await import('./reset.ts')).reset,
  },
  status: {
    summary: 'show nodes, certificates, archives, runs, and what is wrong',
    load: async () => (await import('./status.ts')).status,
  },
  'support-bundle': {
    summary: 'write one file for whoever finds out what is wrong here',
    load: async () => (await import('./support-bundle.ts')).supportBundle,
  },
  config: {
    summary: 'check, migrate and print the configuration',
    examples: [
      { command: 'metalk8s config print-defaults > /etc/metalk8s/bootstrap.yaml', what: 'a file to start from' },
      { command: 'metalk8s config validate', what: 'the file in its usual place' },
      { command: 'metalk8s config validate --help', what: 'all about one command' },
    ],
    commands: {
      'print-defaults': {
        summary: 'print every field with its default',
        load: async () => (await import('./config-print-defaults.ts')).configPrintDefaults,
      },
      validate: {
        summary: 'check a configuration',
        load: async () => (await import('./config-validate.ts')).configValidate,
      },
      migrate: {
        summary: 'rewrite a configuration of an older version',
        load: async () => (await import('./config-migrate.ts')).configMigrate,
      },
    },
  },
  completion: {
    summary: 'print a script that completes commands and options in a shell',
    load: async () => (await import('./completion.ts')).completion,
  },
  version: {
    summary: 'show the version of metalk8s and of what it runs on',
    load: async () => (await import('./version.ts')).version,
  },
};
