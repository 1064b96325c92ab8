import type { Socket } from './observed-host.ts';

const LINE = /^(tcp|udp)\s+\S+\s+\d+\s+\d+\s+(\S+):(\d{1,5})\s+\S+(?:\s+users:\(\((.*)\)\))?\s*$/;

/**
 * Reads what `ss --no-header --numeric --listening --tcp --udp --processes` printed. An address that takes those of IPv4 too is told as
 * `0.0.0.0`; one that only IPv6 has is told as it is, without brackets and zone.
 */
export function readSockets(text: string | null): readonly Socket[] {
  return (text ?? '').split('\n').flatMap((line) => {
    const [, protocol, address, port, users] = LINE.exec(line) ?? [];
    if (protocol !== 'tcp' && protocol !== 'udp') return [];
    if (address === undefined) return [];
    return [{ protocol, address: plainAddress(address), port: Number(port), process: processOf(users) }];
  });
}

function plainAddress(text: string): string {
  const address = text.replace(/%.*$/, '').replace(/^\[|\]$/g, '');
  if (address === '*') return '0.0.0.0';
  return address.replace(/^::ffff:(?=[\d.]+$)/, '');
}

/** `"sshd",pid=812,fd=3` of the first one; a name may have any character. */
function processOf(users: string | undefined): Socket['process'] {
  const [, name, pid] = /^"(.*?)",pid=(\d{1,10}),/.exec(users ?? '') ?? [];
  return name === undefined ? null : { name, pid: Number(pid) };
}
