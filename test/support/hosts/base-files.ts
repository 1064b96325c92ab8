import type { Files } from './write-files.ts';

/** Units of Debian's packages that have nothing to do in a host that is a container, or work behind a test's back. */
export const MASKED_UNITS = [
  'apt-daily-upgrade.timer',
  'apt-daily.timer',
  'dpkg-db-backup.timer',
  'e2scrub_all.timer',
  'e2scrub_reap.service',
  'fstrim.timer',
  'console-getty.service',
  'getty@tty1.service',
  'systemd-pstore.service',
] as const;

/** Makes mounts pass on to containers, and cgroups writable, as they are on a machine that is no container. */
const GROUND_SERVICE = `[Unit]
Description=Make this container like a machine for Kubernetes
DefaultDependencies=no
Before=sysinit.target
After=local-fs.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=mount --make-rshared /
ExecStart=sh -c 'for mount in /sys/fs/cgroup /sys/fs/cgroup/*; do if mountpoint -q "$mount"; then mount -o remount,bind,rw "$mount"; fi; done'

[Install]
WantedBy=sysinit.target
`;

/** Loop devices are the machine's, and no udev makes their files here; so many hosts can use at once. */
const LOOP_DEVICES = 64;

/** Files that hosts of every kind have. */
export function commonFiles(): Files {
  const loops = Array.from(
    { length: LOOP_DEVICES },
    (_, index) => `b! /dev/loop${index} 0660 root disk - 7:${index}\n`,
  );
  return {
    'etc/fstab': { content: '' },
    'etc/default/locale': { content: '' },
    'etc/tmpfiles.d/test-ground.conf': { content: loops.join('') },
    'etc/systemd/system/test-ground.service': { content: GROUND_SERVICE },
    // The journal outlives a power cut, and does not repeat what the machine's kernel says.
    'etc/systemd/journald.conf.d/test-ground.conf': { content: '[Journal]\nStorage=persistent\nReadKMsg=no\n' },
    'etc/ssh/sshd_config.d/test-ground.conf': {
      content: 'UseDNS no\nPasswordAuthentication no\nHostKey /etc/ssh/ssh_host_ed25519_key\n',
    },
    // These settings are the machine's, not a host's.
    'etc/sysctl.d/50-pid-max.conf': { link: '/dev/null' },
    'etc/sysctl.d/99-protect-links.conf': { link: '/dev/null' },
    'root/.bashrc': { content: "PS1='\\u@\\h:\\w\\$ '\nalias ll='ls -l'\n" },
  };
}
