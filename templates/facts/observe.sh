# Tells what is asked about a host. For POSIX shells of hosts without more than their base system; fed to `sh -s`.
#
# Arguments are questions, KIND=VALUE. Answers are lines of NAME, the answer in base64, and the exit status of what gave it: nothing that a
# host says can pass for another answer. Fields in an answer end with NUL. The last line is `end`: without it the answers are not whole.
# Nothing is written but what measures the disk, and that has no name when it is written.

LIMIT=8388608 # bytes of one answer

answer() {
  name=$1
  shift
  printf '%s ' "$name"
  status=$({ { "$@" 2>/dev/null 3>&- 4>&-; printf '%s' "$?" >&3; } | head -c "$LIMIT" | base64 -w 0 >&4; } 3>&1)
  printf ' %s\n' "$status"
}

nearest() {
  near=/${1#/}
  while [ ! -e "$near" ]; do
    near=${near%/*}
    near=${near:-/}
  done
  printf '%s' "$near"
}

file_systems() {
  for question; do
    case $question in path=*) path=${question#path=} ;; *) continue ;; esac
    near=$(nearest "$path")
    printf '%s\0%s\0' "$path" "$(readlink -f -- "$near")"
    printf '%s\0' "$(timeout 2 stat -f -c '%S %b %a %c %d' -- "$near")" "$(xfs_geometry "$near")"
  done
}

xfs_geometry() {
  [ "$(timeout 2 stat -f -c %T -- "$1")" = xfs ] || return
  timeout 2 xfs_info "$(stat -c %m -- "$1")"
}

# Lines of dd, each with the time that one write took. They go over what is there already, as those of etcd do to its log.
write_latencies() {
  for question; do
    case $question in latency=*) folder=$(nearest "${question#latency=}") ;; *) continue ;; esac
    umask 077
    file=
    trap '[ -z "$file" ] || rm -f -- "$file"' EXIT
    trap 'exit 1' HUP INT TERM
    file=$(mktemp "$folder/.metalk8s-latency.XXXXXXXXXX") || return
    exec 5<>"$file" && rm -f -- "$file" || return
    to_disk 0 count=20 conv=notrunc,fsync 2>/dev/null || return
    start=$(date +%s)
    block=0
    while [ "$block" -lt 20 ] && [ $(($(date +%s) - start)) -lt 2 ]; do
      to_disk "$block" count=1 conv=notrunc oflag=dsync 2>&1 || return
      block=$((block + 1))
    done
  done
}

to_disk() {
  seek=$1
  shift
  timeout 5 dd if=/dev/urandom of=/proc/self/fd/5 bs=8192 iflag=fullblock seek="$seek" "$@"
}

modules() {
  for question; do
    case $question in module=*) module=${question#module=} ;; *) continue ;; esac
    grep -q -e "^$module " /proc/modules && loaded=1 || loaded=0
    [ -e "/sys/module/$module" ] && present=1 || present=0
    printf '%s\0%s\0%s\0%s\0' "$module" "$loaded" "$present" "$(modprobe --show-depends -- "$module")"
  done
}

settings() {
  for question; do
    case $question in setting=*) setting=${question#setting=} ;; *) continue ;; esac
    [ -f "/proc/sys/$setting" ] && printf '%s\0%s\0' "$setting" "$(cat "/proc/sys/$setting")"
  done
  return 0
}

kernel_options() {
  release=$(uname -r)
  for file in "/boot/config-$release" "/lib/modules/$release/config" "/usr/lib/modules/$release/config"; do
    [ -r "$file" ] && { cat "$file"; return; }
  done
  gzip -d -c /proc/config.gz
}

kernel_configuration() {
  options=
  for question; do
    case $question in option=*) options="$options|${question#option=}" ;; esac
  done
  all=$(kernel_options) || return
  [ -n "$all" ] || return
  printf '%s\n' "$all" | grep -E "^CONFIG_(${options#|})=" || :
}

cgroup_version() {
  stat -f -c %T /sys/fs/cgroup
}

host_name() {
  cat /proc/sys/kernel/hostname
}

# What the kubelet hands to pods.
resolver() {
  if timeout 5 systemctl is-active --quiet systemd-resolved.service; then
    cat /run/systemd/resolve/resolv.conf
  else
    cat /etc/resolv.conf
  fi
}

addresses_of() {
  timeout 2 getent ahostsv4 "$1"
}

interfaces() {
  ip -json address show
}

# Asks other machines, for half a second and at once for all addresses, whether one of them holds an address of the host. By itself arping
# waits for whole seconds; interrupted, it tells what it has. What is down, a loop or without ARP is left out: IFF_UP is 0x1, IFF_LOOPBACK
# 0x8, IFF_NOARP 0x80.
address_probes() {
  command -v arping >/dev/null || return
  for question; do
    case $question in probe=*) ip -oneline -4 address show to "${question#probe=}" ;; esac
  done | awk '{ sub("/.*", "", $4); print $2, $4 }' | sort -u | head -n 64 | {
    while read -r device address; do
      flags=$(cat "/sys/class/net/$device/flags") || continue
      [ $((flags & 0x89)) = 1 ] || continue
      printf '%s\0%s\0%s\0' "$device" "$address" "$(probe "$device" "$address" | head -c 1024)" &
    done
    wait
  }
}

probe() {
  timeout --signal=INT --kill-after=2 0.5 arping -D -c 1 -I "$1" "$2"
}

routes() {
  ip -json -4 route show
}

sockets() {
  ss --no-header --numeric --listening --tcp --udp --processes
}

chains() {
  found=1
  for tool in iptables-save iptables-legacy-save; do
    command -v "$tool" >/dev/null || continue
    found=0
    timeout 3 "$tool" | grep '^:'
  done
  command -v nft >/dev/null && timeout 3 nft list tables
  return "$found"
}

units() {
  count=$#
  for question; do
    case $question in unit=*) set -- "$@" "${question#unit=}" ;; esac
  done
  shift "$count"
  printf '%s\0' "$@"
  timeout 5 systemctl show --property=LoadState --property=ActiveState --property=UnitFileState -- "$@"
}

system_state() {
  [ "$(cat /proc/1/comm)" = systemd ] || return
  systemctl --version
  timeout 5 systemctl is-system-running
  return 0
}

selinux() {
  cat /sys/fs/selinux/enforce || { [ -e /etc/selinux/config ] && echo disabled; }
}

# A question may be a pattern. An empty folder is nothing that was left, nor is what every ext4 has at its root.
leftovers() {
  IFS=
  for question; do
    case $question in leftover=*) pattern=${question#leftover=} ;; *) continue ;; esac
    for path in $pattern; do
      [ -e "$path" ] || [ -L "$path" ] || continue
      entries=$(find "$path" -mindepth 1 -maxdepth 1 ! -name lost+found -printf x | wc -c)
      [ -d "$path" ] && [ ! -L "$path" ] && [ "$entries" = 0 ] && continue
      printf '%s\0%s\0%s\0' "$path" "$(stat -c %F -- "$path")" "$entries"
    done
  done
  return 0
}

programs() {
  for question; do
    case $question in program=*) program=${question#program=} ;; *) continue ;; esac
    printf '%s\0%s\0' "$program" "$(command -v "$program")"
  done
}

directories() {
  for question; do
    case $question in directory=*) path=${question#directory=} ;; *) continue ;; esac
    [ -d "$path" ] && printf '%s\0' "$path"
  done
  return 0
}

files() {
  for question; do
    case $question in file=*) path=${question#file=} ;; *) continue ;; esac
    [ -f "$path" ] && printf '%s\0' "$path"
  done
  return 0
}

processes() {
  grep -H . /proc/[0-9]*/comm
  return 0
}

packages() {
  timeout 20 rpm --query --all --queryformat '%{NAME}\t%{VERSION}-%{RELEASE}\n'
}

# Name and pid of each process that holds the lock of RPM's database, or one of dnf's.
package_locks() {
  lock=$(rpm --eval '%{_dbpath}')/.rpm.lock
  [ -e "$lock" ] && inode=$(stat -c %i -- "$lock") || inode=none
  pids=$(awk -v inode="$inode" '$2 == "POSIX" && $4 == "WRITE" && $6 ~ (":" inode "$") { print $5 }' /proc/locks)
  for file in /var/lib/dnf/*_lock.pid /var/cache/dnf/metadata_lock.pid /run/yum.pid; do
    [ -r "$file" ] && pids="$pids $(head -c 16 "$file")"
  done
  for pid in $pids; do
    [ -r "/proc/$pid/comm" ] && printf '%s\0%s\0' "$(cat "/proc/$pid/comm")" "$pid"
  done
  return 0
}

# Only what excludes, as the file may hold passwords, and only from all repositories: what a repository has for itself is kept out of no other.
package_exclusions() {
  awk '/^\[/ { main = /^\[main\]/ } /^[^ \t]/ { on = main && /^exclude(pkgs)?[ \t]*=/ } on' /etc/dnf/dnf.conf
}

version_locks() {
  # As dnf reads it: of its section main, the last one counts.
  file=$(awk '/^\[/ { main = /^\[main\]/ } main && sub(/^locklist[ \t]*=[ \t]*/, "") { sub(/[ \t]+$/, ""); file = $0 } END { print file }' \
    /etc/dnf/plugins/versionlock.conf)
  cat -- "${file:-/etc/dnf/plugins/versionlock.list}"
}

# Names only: values may hold passwords.
proxies() {
  sed -n 's/^[[:space:]]*\(export[[:space:]]\{1,\}\)\{0,1\}\([A-Za-z]\{1,\}_[Pp][Rr][Oo][Xx][Yy]\)=.*/\2/p' \
    /etc/environment /etc/profile /etc/profile.d/*.sh /etc/bashrc /etc/bash.bashrc
  timeout 2 systemctl show-environment | sed -n 's/^\([A-Za-z]\{1,\}_[Pp][Rr][Oo][Xx][Yy]\)=.*/\1/p'
  return 0
}

administrator() {
  for question; do
    case $question in administrator=*) who=${question#administrator=} ;; *) continue ;; esac
    printf '%s\0%s\0' "$(getent passwd -- "$who")" "$(id -gn -- "$who")"
  done
}

user() {
  id -u
  id -un
}

main() {
  PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin
  LC_ALL=C
  export PATH LC_ALL
  exec 4>&1
  # Side by side: other machines are asked while the host tells the rest.
  address_probes "$@" 2>/dev/null | {
    exec 6<&0 </dev/null
    answer clock date +%s%N
    answer user user
    answer os-release cat /etc/os-release
    answer architecture uname -m
    answer kernel-release uname -r
    answer command-line cat /proc/cmdline
    answer host-name host_name
    answer machine-id cat /etc/machine-id
    answer product-uuid cat /sys/class/dmi/id/product_uuid
    answer cpus cat /sys/devices/system/cpu/online
    answer memory cat /proc/meminfo
    answer swaps cat /proc/swaps
    answer system-state system_state
    answer modules modules "$@"
    answer settings settings "$@"
    answer kernel-configuration kernel_configuration "$@"
    answer kernel-file-systems cat /proc/filesystems
    answer cgroup-version cgroup_version
    answer cgroup-v1-controllers cat /proc/cgroups
    answer cgroup-v2-controllers cat /sys/fs/cgroup/cgroup.controllers
    answer time timeout 5 timedatectl show
    answer interfaces interfaces
    answer routes routes
    answer resolver resolver
    answer own-name addresses_of "$(host_name)"
    answer localhost addresses_of localhost
    answer chains chains
    answer sockets sockets
    answer mounts cat /proc/self/mountinfo
    answer file-systems file_systems "$@"
    answer packages packages
    answer package-locks package_locks
    answer package-exclusions package_exclusions
    answer version-locks version_locks
    answer units units "$@"
    answer selinux selinux
    answer fips cat /proc/sys/crypto/fips_enabled
    answer leftovers leftovers "$@"
    answer programs programs "$@"
    answer directories directories "$@"
    answer files files "$@"
    answer processes processes
    answer proxies proxies
    answer administrator administrator "$@"
    answer write-latencies write_latencies "$@"
    answer address-probes cat <&6
  }
  answer clock-after date +%s%N
  echo end
}

main "$@" </dev/null
