import { hostNames } from './addresses.ts';
import { type NetworkRecord, readHosts } from './records.ts';

const BEGIN = '# hosts of the test network';
const END = '# end of the hosts of the test network';

/** A script that replaces the hosts of the test network in /etc/hosts, and nothing else in it; they come on standard input. */
export const REPLACE_NEIGHBOURS = `
  { sed '/^${BEGIN}$/,/^${END}$/d' /etc/hosts; cat; } >/etc/hosts.new
  chmod 644 /etc/hosts.new
  mv /etc/hosts.new /etc/hosts
`;

export interface Neighbour {
  readonly name: string;
  readonly address: string;
}

/** All recorded hosts of a network, by their addresses in the control plane. */
export async function neighbours({ slot, planes }: NetworkRecord): Promise<Neighbour[]> {
  return (await readHosts(slot)).map(({ options, number }) => {
    const [port] = hostNames({ slot, planes, number }).ports;
    return { name: options.name, address: port?.address ?? '' };
  });
}

/** The part of /etc/hosts that names them. */
export function hostsBlock(hosts: readonly Neighbour[]): string {
  return [BEGIN, ...hosts.map(({ name, address }) => `${address} ${name}`), END, ''].join('\n');
}
