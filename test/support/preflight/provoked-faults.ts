import { possiblyGivenFaults } from './machine-faults.ts';
import { otherwiseTold } from './otherwise-told.ts';
import type { ProvokedFault } from './provoked-fault.ts';

/** What the functions are that the scripts call. */
const FUNCTIONS = `
unit() { # NAME.SUFFIX: a unit of that name which does nothing, now and after the next start
  case $1 in
    *.timer) printf '[Timer]\\nOnCalendar=yearly\\n[Install]\\nWantedBy=timers.target\\n' >"/etc/systemd/system/$1"
      printf '[Service]\\nExecStart=/bin/true\\n' >"/etc/systemd/system/\${1%.timer}.service" ;;
    *) printf '[Service]\\nExecStart=/bin/sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n' >"/etc/systemd/system/$1" ;;
  esac
  systemctl enable --quiet --now "$1"
}
disk() { # MIB PATH OPTIONS [MKFS ARGUMENTS]: a file system of its own
  image=/tmp/disk$(echo "$2" | tr / -)
  truncate --size "$1M" "$image"
  mkfs.ext4 -q -E lazy_itable_init=1 "\${@:4}" "$image"
  mkdir -p "$2"
  mount -o "loop,$3" "$image" "$2"
}
package() { rpm --install --nodeps --nosignature "/root/packages/$1.rpm"; }
left() { # PATH…: files that somebody left
  for path; do mkdir -p "\${path%/*}"; echo left >"$path"; done
}
`;

/** All of these at once. `address`: of the host; `gateway`: of its network; both on the control plane. */
export const provokedFaults: readonly ProvokedFault[] = [
  // System
  {
    how: 'a unit that fails',
    checks: ['system-state'],
    script: `
      printf '[Service]\\nExecStart=/bin/false\\n' >/etc/systemd/system/broken.service
      systemctl start broken.service || true`,
  },
  {
    how: 'a machine id as in an image that nobody started',
    checks: ['machine-id'],
    script: 'echo uninitialized >/etc/machine-id',
  },
  { how: 'sysctl is gone', checks: ['programs'], script: 'rm -f /sbin/sysctl /usr/sbin/sysctl' },
  // Kernel
  {
    how: 'the configuration of the kernel, by which modules are known that are built in, cannot be read',
    checks: ['kernel-configuration'],
    script: `
      for file in /proc/config.gz "/boot/config-$(uname -r)" "/lib/modules/$(uname -r)/config"; do
        [ ! -e "$file" ] || mount --bind /dev/null "$file"
      done`,
  },
  {
    how: 'files in /etc/modprobe.d forbid modules of the network',
    checks: ['kernel-modules'],
    script: `
      for module in ip_set_hash_ip ip_set_hash_net xt_comment xt_mark xt_multiport; do
        echo "install $module /bin/false" >>/etc/modprobe.d/forbidden.conf
      done`,
  },
  {
    how: 'reverse path filter in its loose form',
    checks: ['reverse-path-filter'],
    script: 'echo 2 >/proc/sys/net/ipv4/conf/all/rp_filter',
  },
  {
    how: 'outgoing connections take ports from 1024 on',
    checks: ['local-port-range'],
    script: "echo '1024 65535' >/proc/sys/net/ipv4/ip_local_port_range",
  },
  // Names
  { how: 'the configuration names another host', checks: ['ca-minion'], script: '' },
  {
    how: 'the name of the host is 127.0.1.1, localhost an address of the network',
    checks: ['hostname-resolution', 'localhost'],
    script: `printf '127.0.1.1 %s\\n%s localhost\\n' "$(hostname)" "$ADDRESS" >/etc/hosts`,
  },
  {
    how: 'four name servers, one of which is 127.0.0.1',
    checks: ['name-server-loop', 'resolver-limits'],
    script: `printf 'nameserver %s\\n' 127.0.0.1 192.0.2.1 192.0.2.2 192.0.2.3 >/etc/resolv.conf`,
  },
  // Addresses
  {
    how: 'a second address on the control plane',
    checks: ['ambiguous-address'],
    script: 'ip address add "$SECOND_ADDRESS/24" dev eth0',
  },
  { how: 'another machine on the link has the second address as well', checks: ['address-conflict'], script: '' },
  {
    how: 'the endpoint is a virtual address of the host, on which nothing listens',
    checks: ['endpoint'],
    script: 'ip address add "$ENDPOINT/32" dev eth0',
  },
  {
    how: 'the workload plane is an interface that is down, with a low MTU',
    checks: ['plane-interface', 'mtu'],
    script: `
      ip link add plane type veth peer name plane-end
      ip link set plane mtu 1300
      ip address add 198.51.100.1/24 dev plane`,
  },
  {
    how: 'an address on two interfaces',
    checks: ['duplicate-address'],
    script: 'ip address add "$ADDRESS/32" dev plane-end',
  },
  { how: 'node ports are opened in a network that the host is not in', checks: ['opened-ports'], script: '' },
  // Routes
  {
    how: 'no default route, and routes into the networks of pods, of Services and of the plane',
    checks: ['service-route', 'pod-network', 'service-network', 'plane-routes'],
    script: `
      ip route del default || true
      ip route add 10.233.7.0/24 via "$GATEWAY"
      ip route add 10.100.0.0/16 via "$GATEWAY"
      ip route add unreachable "$UNREACHABLE"`,
  },
  // Ports and network services
  {
    how: 'somebody listens on 6443',
    checks: ['ports'],
    script: `
      systemd-run --quiet --unit squatter socat TCP-LISTEN:6443,fork,reuseaddr OPEN:/dev/null
      until ss --no-header --listening --tcp --numeric | grep -q ':6443 '; do sleep 0.1; done`,
  },
  { how: 'a unit of that name runs', checks: ['firewalld'], script: 'unit firewalld.service' },
  {
    how: 'nftables loads rules at the next start',
    checks: ['other-firewall'],
    script: 'systemctl enable --quiet nftables.service',
  },
  { how: 'a timer of that name waits', checks: ['nm-cloud-setup'], script: 'unit nm-cloud-setup.timer' },
  {
    how: 'chains of kube-proxy in iptables',
    checks: ['foreign-chains'],
    script: 'iptables --table nat --new-chain KUBE-SERVICES; iptables --table nat --new-chain KUBE-NODEPORTS',
  },
  { how: 'a bridge called cni0', checks: ['leftover-interfaces'], script: 'ip link add cni0 type bridge' },
  {
    how: 'a proxy in /etc/profile.d',
    checks: ['proxy-environment'],
    script: "echo 'export https_proxy=http://user:secret@proxy.example:3128' >/etc/profile.d/proxy.sh",
  },
  // Disks and file systems
  { how: 'a disk of 600 MiB for etcd', checks: ['disk-space'], script: 'disk 600 /var/lib/etcd rw' },
  {
    how: 'a disk of 1 GiB for the kubelet that is nearly full',
    checks: ['disk-pressure'],
    script: `
      disk 1024 /var/lib/kubelet rw -m 0
      fallocate --length $(( $(df --output=avail --block-size=1 /var/lib/kubelet | tail -n 1) - 335 * 1048576 )) /var/lib/kubelet/filler`,
  },
  {
    how: 'a disk with few inodes, noexec and nosuid for containerd',
    checks: ['inodes', 'noexec', 'nosuid'],
    script: 'disk 20480 /var/lib/containerd noexec,nosuid -N 20000',
  },
  {
    how: 'a tmpfs on /etc/kubernetes',
    checks: ['lasting-storage'],
    script: 'mkdir -p /etc/kubernetes; mount -t tmpfs tmpfs /etc/kubernetes',
  },
  {
    how: '/srv/metalk8s cannot be written to',
    checks: ['read-only'],
    script: 'mkdir -p /srv/metalk8s; mount -t tmpfs -o ro tmpfs /srv/metalk8s',
  },
  // Packages
  {
    how: 'packages of these names are installed',
    checks: ['conflicting-packages', 'container-engines', 'other-salt', 'installed-versions'],
    script: 'for name in runc podman docker-ce salt-minion kubelet; do package "$name"; done',
  },
  {
    how: 'a process holds the lock of RPM as rpm does',
    checks: ['package-manager-busy'],
    script: `
      systemd-run --quiet --unit rpm-lock python3 -c '
import fcntl, time
lock = open("/var/lib/rpm/.rpm.lock", "r+")
fcntl.lockf(lock, fcntl.LOCK_EX)
time.sleep(3600)'
      inode=$(stat -c %i /var/lib/rpm/.rpm.lock)
      until grep -q "WRITE .*:$inode " /proc/locks; do sleep 0.1; done`,
  },
  {
    how: 'excludepkgs in dnf.conf',
    checks: ['package-excludes'],
    script: "echo 'excludepkgs=kubeadm*, kernel*' >>/etc/dnf/dnf.conf",
  },
  {
    how: 'a line in the list of versionlock',
    checks: ['package-locks'],
    script: `
      mkdir -p /etc/dnf/plugins
      printf '[main]\\nenabled = 1\\nlocklist = /etc/dnf/plugins/versionlock.list\\n' >/etc/dnf/plugins/versionlock.conf
      echo 'socat-0:1.7.3-1.el9.*' >/etc/dnf/plugins/versionlock.list`,
  },
  {
    how: 'a program called k3s',
    checks: ['other-kubernetes'],
    script: "printf '#!/bin/sh\\n' >/usr/local/bin/k3s; chmod 755 /usr/local/bin/k3s",
  },
  // Security
  { how: 'the configuration names a file that is not there', checks: ['oidc-authority'], script: '' },
  // Services
  { how: 'a unit of that name runs', checks: ['conflicting-services'], script: 'unit docker.service' },
  {
    how: 'a process called etcd that no unit of it has',
    checks: ['conflicting-processes'],
    script: 'cp /bin/sleep /usr/local/bin/etcd; systemd-run --quiet --unit by-hand /usr/local/bin/etcd infinity',
  },
  { how: 'a timer of that name waits', checks: ['automatic-updates'], script: 'unit dnf-automatic.timer' },
  { how: 'a unit of that name runs', checks: ['fapolicyd'], script: 'unit fapolicyd.service' },
  // Leftovers
  {
    how: 'files at the places where others leave them',
    checks: [
      'etcd-data',
      'cluster-authority',
      'leftover-manifests',
      'leftover-kubeconfigs',
      'leftover-kubelet',
      'leftover-network',
      'leftover-containers',
      'leftover-metalk8s',
      'other-leftovers',
    ],
    script: `
      left /var/lib/etcd/member/snap/db /etc/kubernetes/pki/ca.crt /etc/kubernetes/pki/sa.key /etc/kubernetes/manifests/etcd.yaml
      left /etc/kubernetes/admin.conf /var/lib/kubelet/config.yaml /etc/cni/net.d/10-flannel.conflist
      left /etc/containerd/config.toml /etc/salt/minion /etc/rancher/k3s/config.yaml`,
  },
];

/** What is provoked afterwards, as it would hide what is above. */
export const laterFaults: readonly ProvokedFault[] = [
  {
    how: 'the RPM database is overwritten',
    checks: ['rpm-database'],
    script: 'printf garbage | dd of=/var/lib/rpm/rpmdb.sqlite conv=notrunc status=none',
  },
  { how: '/etc/resolv.conf is gone', checks: ['name-servers'], script: 'rm /etc/resolv.conf' },
  { how: 'the host is called localhost.localdomain', checks: ['hostname'], script: 'hostname localhost.localdomain' },
  {
    how: 'os-release says 7.9',
    checks: ['platform'],
    script: 'sed -i \'s/^VERSION_ID=.*/VERSION_ID="7.9"/\' /usr/lib/os-release',
  },
  { how: 'ss is gone', checks: ['unanswered'], script: 'rm -f /bin/ss /usr/bin/ss' },
  {
    how: 'the configuration names other networks',
    checks: ['control-plane-address', 'workload-plane-address'],
    script: '',
  },
];

/** Of a script for all of them, run by bash on the host. */
export function provokingScript(faults: readonly ProvokedFault[]): string {
  return `${FUNCTIONS}\n${faults.map(({ script }) => script).join('\n')}\n`;
}

/** All checks that a real host was made to fail, each with what was done. */
export const provokedChecks: ReadonlyMap<string, string> = new Map(
  [...possiblyGivenFaults, ...otherwiseTold, ...provokedFaults, ...laterFaults].flatMap(({ checks, how }) =>
    checks.map((check) => [check, how]),
  ),
);
