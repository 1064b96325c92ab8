import type { CommandOptions } from './option.ts';
import { outputFormat } from './output-format.ts';

export const buildIsoOptions = {
  release: { type: 'text', flags: '--release <file>', help: 'the release list; that of this version by default' },
  lock: {
    type: 'text',
    flags: '--lock <file>',
    help: 'what pins the list; release.lock.yaml beside it by default, where there is one',
  },
  updateLock: {
    type: 'switch',
    flags: '--update-lock',
    help: 'write the lock anew, from what upstream serves today',
    default: false,
  },
  mirrors: { type: 'text', flags: '--mirrors <file>', help: 'other sources in the place of upstream' },
  components: {
    type: 'list',
    flags: '--components <names>',
    help: 'parts of the list, separated by commas; all of them by default',
  },
  output: {
    type: 'text',
    flags: '--output <file>',
    help: 'the disc to be written; metalk8s-VERSION.iso by default',
    variable: 'METALK8S_ISO',
  },
  outputFormat,
  signingKey: {
    type: 'text',
    flags: '--signing-key <key>',
    help: 'fingerprint or user id of an OpenPGP key in your GnuPG home: RSA, 3072 bits or more',
  },
  unsigned: { type: 'switch', flags: '--unsigned', help: 'make a disc that no host installs from', default: false },
  split: {
    type: 'text',
    flags: '--split <size>',
    help: 'write parts of at most this size, such as 4095M, which cat joins',
  },
  force: { type: 'switch', flags: '--force', help: 'replace another disc of the same name', default: false },
} as const satisfies CommandOptions;
