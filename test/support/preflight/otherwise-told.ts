import type { ProvokedFault } from './provoked-fault.ts';

/**
 * What the kernel tells is made otherwise for one run of a command, by mounts that no other process of the host sees. The command runs as a user
 * who may do nothing, with a kernel that calls itself 2.6.
 */
export const otherwiseTold: readonly ProvokedFault[] = [
  { how: 'started by the user nobody', checks: ['user'], script: '' },
  { how: 'the kernel calls itself 2.6 (`setarch --uname-2.6`)', checks: ['kernel-version'], script: '' },
  {
    how: 'the first process is called init',
    checks: ['systemd'],
    script: "tell /proc/1/comm 'init\\n'",
  },
  {
    how: 'the board has the UUID that its maker gave to all',
    checks: ['product-uuid'],
    script: "tell /sys/class/dmi/id/product_uuid '03000200-0400-0500-0006-000700080009\\n'",
  },
  { how: 'one processor is there', checks: ['cpus'], script: "tell /sys/devices/system/cpu/online '0\\n'" },
  {
    how: 'less than 1 GiB of memory is there',
    checks: ['memory'],
    script: "tell /proc/meminfo 'MemTotal:        1006680 kB\\n'",
  },
  {
    how: 'a file is swap',
    checks: ['swap'],
    script: "tell /proc/swaps 'Filename\\tType\\tSize\\tUsed\\tPriority\\n/swapfile file\\t1048572\\t0\\t-2\\n'",
  },
  { how: 'kernel.pid_max is 4096', checks: ['pid-limit'], script: "tell /proc/sys/kernel/pid_max '4096\\n'" },
  {
    how: 'a user may have 16 instances of inotify',
    checks: ['file-watching'],
    script: "tell /proc/sys/fs/inotify/max_user_instances '16\\n'",
  },
  {
    how: 'a tmpfs instead of cgroup2, and no controller for memory',
    checks: ['cgroup-version', 'cgroup-controllers'],
    script: `
      tell /proc/cgroups "$(sed 's/^\\(memory.*\\)1$/\\10/' /proc/cgroups)\\n"
      mount -t tmpfs tmpfs /sys/fs/cgroup`,
  },
  {
    how: 'a FUSE file system that is called sshfs',
    checks: ['etcd-file-system', 'etcd-latency'],
    script: `
      mkdir -p /var/lib/etcd
      mount -t fuse.fuseiso -o ro,allow_other,subtype=sshfs "$IMAGE" /var/lib/etcd
      trap 'umount /var/lib/etcd' EXIT`,
  },
  {
    how: 'an overlay, which no other can lie on',
    checks: ['container-file-system'],
    script: `
      mkdir -p /var/lib/containerd /tmp/lower /tmp/upper /tmp/work
      mount -t overlay overlay -o lowerdir=/tmp/lower,upperdir=/tmp/upper,workdir=/tmp/work /var/lib/containerd`,
  },
  {
    how: 'SELinux enforces, as its file tells; judged without an archive',
    checks: ['selinux'],
    script: "tell /sys/fs/selinux/enforce '1\\n'",
  },
  {
    how: 'the kernel is in FIPS mode, as its file tells',
    checks: ['fips-secrets', 'fips-programs'],
    script: "tell /proc/sys/crypto/fips_enabled '1\\n'",
  },
];

const FUNCTIONS = `
covered() { # FOLDER: by a tmpfs in which is what the folder has, and where more can be put
  work=$(mktemp -d /tmp/covered.XXXXXX)
  mount -t tmpfs tmpfs "$work"
  for entry in "$1"/*; do
    name=$work/\${entry##*/}
    if [ -d "$entry" ]; then mkdir "$name"; else : >"$name"; fi
    mount --rbind "$entry" "$name"
  done
  mount --rbind "$work" "$1"
}
tell() { # PATH TEXT: in a file of the kernel, whether the kernel has it or not
  near=\${1%/*}
  while [ ! -d "$near" ]; do near=\${near%/*}; done
  if [ -e "$1" ]; then
    said=$(mktemp /tmp/said.XXXXXX)
    printf "$2" >"$said"
    chmod 444 "$said"
    mount --bind "$said" "$1"
  else
    covered "$near"
    mkdir -p "\${1%/*}"
    printf "$2" >"$1"
  fi
}
`;

/** A bash script that runs a command, given in shell words, where all of these are so. \`image\`: an ISO file on the host. */
export function otherwiseScript(command: string, image: string): string {
  const script = `IMAGE=${image}
${FUNCTIONS}
mount -t tmpfs tmpfs /tmp
export HOME=/tmp/home
install -d -o nobody "$HOME"
${otherwiseTold.map((fault) => fault.script).join('\n')}
setarch --uname-2.6 setpriv --reuid nobody --regid nogroup --clear-groups ${command}
`;
  return `unshare --mount bash -euc "$(cat <<'END'\n${script}END\n)"`;
}
