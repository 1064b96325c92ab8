import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Bind, HostKind } from './types.ts';

export const USAGE = `Disposable hosts on this machine: systemd machines with a disk, an address and an SSH key of their own.

Usage:
  npm run hosts -- up [N] [--kind KIND] [--planes 1|2] [--disk GIB] [--bind SOURCE:TARGET]… [--disc] [--name NAME]
  npm run hosts -- list
  npm run hosts -- ssh NAME [COMMAND…]
  npm run hosts -- down [NAME]

  up      makes a network with N hosts (1 when not given) and boots them
          --kind    el9-double (the default): Debian's programs that pass for Enterprise Linux 9; or debian12
          --planes  2: a second network card for the workload plane
          --disk    size of the root disk in GiB, 12 when not given
          --bind    shows a file or folder of this machine in the hosts, read-only
          --disc    puts in an ISO of the program as it is now, with keys and a configuration: ready for bootstrap
          --name    what one host is called; node1, node2… when not given
  list    shows the hosts that are there
  ssh     logs in as root, or runs a command
  down    removes a host, or all of them

Examples:
  npm run hosts -- up 3
  npm run hosts -- up 2 --kind debian12 --planes 2 --disk 20 --bind ./build:/srv/disc
  npm run hosts -- up --disc --name site1
  npm run hosts -- ssh site1 sh /mnt/metalk8s bootstrap
  npm run hosts -- ssh node1 systemctl status kubelet
  npm run hosts -- down
`;

/** What the hosts command is asked to do. */
export type HostsCommand =
  | { readonly verb: 'help' }
  | {
      readonly verb: 'up';
      readonly count: number;
      readonly kind: HostKind;
      readonly planes: 1 | 2;
      readonly diskGiB?: number;
      readonly binds: readonly Bind[];
      /** Whether a disc is put in. */
      readonly disc: boolean;
      readonly name?: string;
    }
  | { readonly verb: 'list' }
  | { readonly verb: 'ssh'; readonly name: string; readonly command: readonly string[] }
  | { readonly verb: 'down'; readonly name?: string };

/** Reads the arguments of the hosts command. Throws with what is wrong in one sentence. */
export function parseHostsCommand(args: readonly string[]): HostsCommand {
  const [verb, ...rest] = args;
  if (verb === 'ssh') {
    const [name, ...command] = rest;
    if (name === undefined || name.startsWith('-')) throw new Error('ssh needs the name of a host');
    return { verb, name, command };
  }
  if (verb === undefined || verb === 'help' || args.includes('--help') || args.includes('-h')) return { verb: 'help' };
  if (verb === 'up') return parseUp(rest);
  if (rest.length > (verb === 'down' ? 1 : 0)) throw new Error(`${verb} does not take "${rest.at(-1)}"`);
  if (verb === 'list') return { verb };
  if (verb === 'down') return rest[0] === undefined ? { verb } : { verb, name: rest[0] };
  throw new Error(`there is no "${verb}"; there are up, list, ssh and down`);
}

function parseUp(args: readonly string[]): HostsCommand {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      kind: { type: 'string', default: 'el9-double' },
      planes: { type: 'string', default: '1' },
      disk: { type: 'string' },
      bind: { type: 'string', multiple: true, default: [] },
      disc: { type: 'boolean', default: false },
      name: { type: 'string' },
    },
  });
  const { kind, planes } = values;
  if (kind !== 'el9-double' && kind !== 'debian12') throw new Error(`--kind is el9-double or debian12, not "${kind}"`);
  if (planes !== '1' && planes !== '2') throw new Error(`--planes is 1 or 2, not "${planes}"`);
  if (positionals.length > 1) throw new Error(`up takes one number, not "${positionals.join(' ')}"`);
  const count = wholeNumber('the number of hosts', positionals[0] ?? '1');
  if (values.name !== undefined && count > 1) throw new Error('--name is for one host');
  if (values.disc && kind !== 'el9-double') throw new Error('--disc is for hosts of the kind el9-double');
  const disk = values.disk === undefined ? {} : { diskGiB: wholeNumber('--disk', values.disk) };
  const name = values.name === undefined ? {} : { name: values.name };
  const binds = values.bind.map(parseBind);
  return { verb: 'up', count, kind, planes: planes === '1' ? 1 : 2, ...disk, binds, disc: values.disc, ...name };
}

function wholeNumber(what: string, text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new Error(`${what} is a whole number from 1 to 999, not "${text}"`);
  return Number(text);
}

function parseBind(text: string): Bind {
  const [source, target, ...more] = text.split(':');
  if (!source || !target?.startsWith('/') || more.length > 0) {
    throw new Error(`--bind is SOURCE:TARGET with an absolute target, not "${text}"`);
  }
  return { source: resolve(source), target };
}
