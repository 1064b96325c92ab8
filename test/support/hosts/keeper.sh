#!/bin/sh
# Keeps one host: mounts its disk in a mount namespace of its own, boots it, boots it again when it asks for a reboot.
#
# Started by keeper.ts through `unshare --mount --propagation slave`, with the host's folder as working directory and these files in it:
#   disk      path of the disk image                                network      name of the network's namespace
#   plug      `ip -batch` for that; HOLDER is the host's namespace  address      `ip -batch` for the host's namespace
#   cgroup    name of the host's cgroup                             hierarchies  mount points of cgroup hierarchies, a line each
#   memory    limit in bytes, or empty                              nspawn       arguments of systemd-nspawn, a line each
#   seed/     files put on the disk before the first boot
# It writes `holder`: the id of a process in the host's network namespace. That namespace, and what is mounted here, have no
# name elsewhere, and so end with the last process of the host, however it dies.
set -eu
exec </dev/null

host=$PWD
cgroup=$(cat cgroup)
memory=$(cat memory)
network=$(cat network)
holder=

# A new mount namespace holds copies of the machine's mounts; copies of discs and other passing things would keep them busy.
let_go_of_passing_mounts() {
  while read -r _ _ _ _ target _ rest; do
    case $rest in
      *'- fuse.'* | *'- iso9660 '* | *'- squashfs '* | *' /dev/loop'*) umount --lazy "$(printf '%b' "$target")" || true ;;
    esac
  done </proc/self/mountinfo
}

make_cgroup() {
  while read -r hierarchy; do
    mkdir -p "$hierarchy/$1"
    if [ -e "$hierarchy/$1/cpuset.cpus" ] && [ -e "$hierarchy/cgroup.clone_children" ]; then
      for file in cpuset.cpus cpuset.mems; do cat "$hierarchy/$1/../$file" >"$hierarchy/$1/$file"; done
      echo 1 >"$hierarchy/$1/cgroup.clone_children"
    fi
    if [ -e "$hierarchy/$1/cgroup.subtree_control" ]; then
      for controller in $(cat "$hierarchy/$1/../cgroup.controllers"); do
        echo "+$controller" >"$hierarchy/$1/../cgroup.subtree_control" || true
      done
    fi
  done <hierarchies
}

enter_cgroup() {
  while read -r hierarchy; do echo 0 >"$hierarchy/$1/cgroup.procs"; done <hierarchies
}

limit_memory() {
  while read -r hierarchy; do
    for file in memory.limit_in_bytes memory.max; do
      if [ -e "$hierarchy/$1/$file" ]; then echo "$memory" >"$hierarchy/$1/$file"; fi
    done
  done <hierarchies
}

# The kubelet walks all cgroups: those of a former boot would make it slow.
remove_cgroup() {
  while read -r hierarchy; do find "$hierarchy/$1" -depth -type d -exec rmdir {} + 2>/dev/null || true; done <hierarchies
}

# A new network namespace for each boot, as a booting machine has no interfaces, routes and filters left of its former life.
plug_network() {
  unshare --net sleep infinity &
  holder=$!
  while [ "$(readlink "/proc/$holder/ns/net")" = "$(readlink /proc/self/ns/net)" ]; do sleep 0.01; done
  echo "$holder" >holder
  # The kernel takes its time to clear away the namespace of a former life, and with it what was plugged in.
  sed -n 's/^link add \([^ ]*\) .*/\1/p' plug | while read -r port; do ip -n "$network" link delete "$port" 2>/dev/null || true; done
  sed "s/HOLDER/$holder/" plug | ip -n "$network" -batch -
  nsenter --target "$holder" --net ip -batch - <address
}

unplug_network() {
  kill "$holder"
  wait "$holder" || true
}

boot() (
  make_cgroup "$cgroup/machine"
  enter_cgroup "$cgroup/machine"
  set --
  while read -r argument; do set -- "$@" "$argument"; done <nspawn
  export SYSTEMD_NSPAWN_API_VFS_WRITABLE=yes SYSTEMD_NSPAWN_TMPFS_TMP=0
  exec systemd-nspawn --directory="$host/root" --network-namespace-path="/proc/$holder/ns/net" "$@"
)

let_go_of_passing_mounts
make_cgroup "$cgroup"
make_cgroup "$cgroup/keeper"
if [ -n "$memory" ]; then limit_memory "$cgroup"; fi
enter_cgroup "$cgroup/keeper"
# Without barriers, what a program syncs goes to the image, not on to the machine's disk: it outlives this host's power cut, not the
# machine's, and takes no time.
mount -t ext4 -o loop,noatime,barrier=0 "$(cat disk)" root
if [ -d seed ]; then
  tar --directory=seed --create . | tar --directory=root --extract --no-overwrite-dir --same-owner --same-permissions
  sync --file-system root
  rm -r seed
fi

# systemd-nspawn ends with 133 when the host asks for a reboot.
code=133
while [ "$code" -eq 133 ]; do
  plug_network
  code=0
  boot || code=$?
  unplug_network
  remove_cgroup "$cgroup/machine"
done
exit "$code"
