import type { TestHost } from '../hosts/host.ts';

/** Something done to a node that works, which the comparison of states is to find, and the line it tells of it. */
interface PlantedDifference {
  readonly what: string;
  readonly script: string;
  readonly line: RegExp;
}

const PKI = '/etc/kubernetes/pki/front-proxy-client';

/** One of each class that the comparison sees. None keeps the API from answering, nor has Calico or kube-proxy take it away. */
const plantedDifferences: readonly PlantedDifference[] = [
  { what: 'a file more', script: 'touch /etc/planted', line: /^file \/etc\/planted is new: f 644 0:0 sha256:/ },
  {
    what: 'a file less',
    script: 'rm /etc/sysctl.d/60-metalk8s.conf',
    line: /^file \/etc\/sysctl\.d\/60-metalk8s\.conf is missing: f /,
  },
  {
    what: 'the content of a file',
    script: 'echo "# planted" >> /etc/kubernetes/audit-policy.yaml',
    line: /^file \/etc\/kubernetes\/audit-policy\.yaml: f (\d+ 0:0) sha256:\S+ → f \1 sha256:/,
  },
  {
    what: 'a text beside a secret',
    script: 'sed -i "s/^current-context: .*/&-planted/" /etc/kubernetes/scheduler.conf',
    line: /^file \/etc\/kubernetes\/scheduler\.conf: .*-planted/,
  },
  {
    what: 'a mode',
    script: 'chmod 640 /etc/containerd/conf.d/machine.toml',
    line: /^file \/etc\/containerd\/conf\.d\/machine\.toml: f 6.. 0:0 .* → f 640 0:0 /,
  },
  {
    what: 'the mode of a key',
    script: `chmod 604 ${PKI}.key`,
    line: /^file .*\/front-proxy-client\.key: f 600 0:0 .* → f 604 0:0 /,
  },
  {
    what: 'an owner',
    script: 'chown 0:12 /etc/yum.repos.d/baseos.repo',
    line: /^file \/etc\/yum\.repos\.d\/baseos\.repo: f 644 0:0 .* → f 644 0:12 /,
  },
  {
    what: 'a type',
    script: 'rm /etc/modules-load.d/metalk8s.conf; mkdir /etc/modules-load.d/metalk8s.conf',
    line: /^file \/etc\/modules-load\.d\/metalk8s\.conf: f .* → d 755 0:0$/,
  },
  {
    what: 'where a link leads',
    script: 'ln --symbolic --force --no-dereference /proc/mounts /etc/mtab',
    line: /^file \/etc\/mtab: l .* → l .* -> \/proc\/mounts$/,
  },
  {
    what: 'a name in a certificate',
    script: `openssl req -new -key ${PKI}.key -subj /CN=front-proxy-client | openssl x509 -req -set_serial 1 -days 365 \
-CA /etc/kubernetes/pki/front-proxy-ca.crt -CAkey /etc/kubernetes/pki/front-proxy-ca.key \
-extfile <(echo subjectAltName=DNS:planted.example) -out ${PKI}.crt`,
    line: /^pki certificates\[.*front-proxy-client\.crt\]\.subjectAltNames.*planted\.example/,
  },
  {
    what: 'a key of another pair',
    script: 'openssl genrsa 2048 2>&1 | sed -n "/BEGIN/,$ p" > /etc/kubernetes/pki/apiserver-kubelet-client.key',
    line: /^pki keys\[.*apiserver-kubelet-client\.key\]\.belongsTo/,
  },
  { what: 'a package less', script: 'rpm --erase --justdb --nodeps cri-tools', line: /^packages: missing: cri-tools-/ },
  {
    what: 'a unit',
    script: 'systemd-run --quiet --unit=planted --remain-after-exit true',
    line: /^units: new: planted\.service loaded active exited$/,
  },
  {
    what: 'a mount',
    script: 'mkdir /srv/planted; mount --bind /srv/planted /srv/planted',
    line: /^mounts: new: \/srv\/planted$/,
  },
  {
    what: 'a name of an image',
    script: `image=$(ctr --namespace k8s.io images list --quiet | awk 'index($0, "/pause:") { name = $0 } END { print name }')
ctr --namespace k8s.io images tag "$image" planted.example/image:1`,
    line: /^images: new: planted\.example\/image:1$/,
  },
  {
    what: 'a rule',
    script: 'iptables --table nat --append POSTROUTING --destination 192.0.2.1 --jump ACCEPT',
    line: /^rules: new: iptables\*nat -A POSTROUTING -d 192\.0\.2\.1\/32 -j ACCEPT$/,
  },
  {
    what: 'a rule of IPv6',
    script: 'ip6tables --append FORWARD --destination 2001:db8::1 --jump ACCEPT',
    line: /^rules: new: ip6tables\*filter -A FORWARD -d 2001:db8::1\/128 -j ACCEPT$/,
  },
  { what: 'a set', script: 'ipset create planted hash:ip', line: /^sets: new: planted$/ },
  {
    what: 'an interface',
    script: 'ip link add planted type veth peer name planted-peer',
    line: /^links: new: planted@planted-peer DOWN$/,
  },
  {
    what: 'an address',
    script: 'ip address add 192.0.2.1/32 dev lo',
    line: /^addresses: new: lo +UNKNOWN .* 192\.0\.2\.1\/32/,
  },
  {
    what: 'a route',
    script: 'ip route add unreachable 198.51.100.0/24',
    line: /^routes: new: unreachable 198\.51\.100\.0\/24/,
  },
  {
    what: 'a rule for routes',
    script: 'ip rule add from 198.51.100.0/24 lookup main',
    line: /^routes: new: .*from 198\.51\.100\.0\/24 lookup main/,
  },
  {
    what: 'a setting of the network',
    script: 'sysctl --quiet --write net.ipv4.conf.lo.log_martians=1',
    line: /^settings: new: net\.ipv4\.conf\.lo\.log_martians = 1$/,
  },
  {
    what: 'an object more',
    script: 'kubectl create configmap planted --namespace=kube-system',
    line: /^object ConfigMap\/kube-system\/planted is new$/,
  },
  {
    what: 'an object less',
    script: 'kubectl delete configmap kubelet-config --namespace=kube-system',
    line: /^object ConfigMap\/kube-system\/kubelet-config is missing$/,
  },
  {
    what: 'a field of an object',
    script: 'kubectl label "node/$(hostname)" planted=yes',
    line: /^object Node\/\S+ metadata\.labels\.planted: .*yes/,
  },
  {
    what: 'a text in an object',
    script: `kubectl patch configmap kubeadm-config --namespace=kube-system --type=merge --patch '{"data":{"ClusterConfiguration":"planted"}}'`,
    line: /^object ConfigMap\/kube-system\/kubeadm-config data\.ClusterConfiguration: .* → .*planted/,
  },
];

/** Does all of it to a host. */
export async function plantDifferences(host: TestHost): Promise<void> {
  await host.run({ script: plantedDifferences.map(({ script }) => script).join('\n') });
}

/** What was planted and none of the lines tells. */
export function plantedAndNotFound(lines: readonly string[]): readonly string[] {
  return plantedDifferences.filter(({ line }) => !lines.some((each) => line.test(each))).map(({ what }) => what);
}
