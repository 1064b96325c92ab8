import type { FileSource } from '../file-source.ts';
import { TRIPLET } from './debian-programs.ts';
import type { LayerSource } from './image.ts';

/** Small tools that scripts of images call, all of them BusyBox. */
const APPLETS =
  `awk basename cat chmod cp cut date dirname env expr false find grep head hostname id kill ln ls mkdir mount
  mv printf ps readlink rm sed sh sleep sort stat tail tee test touch tr true uname wc which`.split(/\s+/);

const IPTABLES = ['iptables', 'ip6tables'].flatMap((family) =>
  ['legacy', 'nft'].flatMap((backend) => ['', '-restore', '-save'].map((verb) => `${family}-${backend}${verb}`)),
);

/** Debian's programs for packet filters, addresses and modules, and a shell: what kube-proxy and Calico's node call. */
export function networkUserland(debian: string): LayerSource {
  return {
    programs: {
      tree: debian,
      paths: [
        'bin/busybox',
        'bin/ip',
        'bin/kmod',
        'sbin/modprobe',
        'sbin/lsmod',
        'sbin/tc',
        `usr/lib/${TRIPLET}/xtables/*`,
        'usr/sbin/conntrack',
        'usr/sbin/ipset',
        'usr/sbin/nft',
        ...IPTABLES.map((name) => `usr/sbin/${name}`),
        'usr/sbin/ebtables-nft',
      ],
    },
    files: [...APPLETS.map(applet), ...accountFiles([]), { kind: 'folder', path: '/tmp', mode: 0o1777 }],
  };
}

/** /etc/passwd, /etc/group and /etc/nsswitch.conf with root, nobody and further accounts, each `name:uid`. */
export function accountFiles(accounts: readonly string[]): readonly FileSource[] {
  const all = ['root:0', ...accounts, 'nobody:65534'].map((account) => account.split(':') as [string, string]);
  const passwd = all.map(([name, id]) => `${name}:x:${id}:${id}:${name}:${name === 'root' ? '/root' : '/'}:/bin/sh\n`);
  const group = all.map(([name, id]) => `${name}:x:${id}:\n`);
  return [
    { kind: 'text', path: '/etc/passwd', content: passwd.join('') },
    { kind: 'text', path: '/etc/group', content: group.join('') },
    { kind: 'text', path: '/etc/nsswitch.conf', content: 'passwd: files\ngroup: files\nhosts: files dns\n' },
    { kind: 'folder', path: '/root', mode: 0o700 },
  ];
}

function applet(name: string): FileSource {
  return { kind: 'link', path: `/usr/bin/${name}`, target: 'busybox' };
}
