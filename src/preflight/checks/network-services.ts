import { counted, listed } from '../../events/words.ts';
import type { Check } from '../check.ts';
import { unitsInUse, unitText } from '../look-up.ts';

const firewalld: Check = {
  name: 'firewalld',
  title: 'whether firewalld runs, or will',
  why: 'it drops packets of pods and of other nodes, and removes the rules of kube-proxy and of the network plugin whenever it reloads',
  mend: 'Run `systemctl disable --now firewalld`. The listeners to protect by other means are in the reference of nodes.',
  severity: 'error',
  inspect: (subject) => unitsInUse(subject, ['firewalld.service']).map((unit) => ({ found: unitText(unit) })),
};

const otherFirewall: Check = {
  name: 'other-firewall',
  title: 'other services that load firewall rules',
  why: 'a restart of theirs replaces all rules, those of kube-proxy and of the network plugin as well',
  mend: 'Run `systemctl disable --now` on it, or see that its rules leave all others alone and let the listeners through.',
  severity: 'warning',
  inspect: (subject) =>
    unitsInUse(subject, ['iptables.service', 'nftables.service', 'ufw.service']).map((unit) => ({
      found: unitText(unit),
    })),
};

const nmCloudSetup: Check = {
  name: 'nm-cloud-setup',
  title: 'whether nm-cloud-setup runs, or will',
  why: 'it adds routing rules that answers of pods follow out of the wrong interface: pods of other nodes are not reached',
  mend: 'Run `systemctl disable --now nm-cloud-setup.service nm-cloud-setup.timer`, then start the host anew.',
  severity: 'error',
  inspect(subject) {
    const units = unitsInUse(subject, ['nm-cloud-setup.service', 'nm-cloud-setup.timer']);
    return units.length === 0 ? [] : [{ found: listed(units.map(unitText)) }];
  },
};

const reversePathFilter: Check = {
  name: 'reverse-path-filter',
  title: 'the reverse path filter (net.ipv4.conf.all.rp_filter)',
  why: 'with 2, its loose form, pods could send under the address of others, so Calico refuses to start',
  mend: 'Set net.ipv4.conf.all.rp_filter to 0 or 1 in /etc/sysctl.d, then `sysctl --system`.',
  severity: 'error',
  inspect({ host: { kernel }, configuration: { networks } }) {
    const value = kernel.settings['net.ipv4.conf.all.rp_filter'];
    if (networks.cni !== 'calico' || value !== '2') return [];
    return [{ found: 'net.ipv4.conf.all.rp_filter is 2' }];
  },
};

const foreignChains: Check = {
  name: 'foreign-chains',
  title: 'firewall chains of another Kubernetes or network plugin',
  why: 'they send packets to pods and Services of a cluster that is gone, and nobody removes them',
  mend: 'Start the host anew: nothing of them is kept. If they come back, find out what makes them.',
  severity: 'error',
  onlyFresh: true,
  inspect({ host: { network } }) {
    const chains = network.foreignChains ?? [];
    if (chains.length === 0) return [];
    const some = chains.slice(0, 5);
    const more = chains.length > some.length ? ` and ${chains.length - some.length} more` : '';
    return [{ found: `${counted(chains.length, 'chain')} of iptables: ${some.join(', ')}${more}` }];
  },
};

/** Made by network plugins, kube-proxy and Docker. */
const INTERFACES =
  /^(?:cali[0-9a-f]{11}|cbr0|cilium_\w+|cni0|docker0|flannel\.\d+|kube-bridge|kube-ipvs0|nodelocaldns|tunl0|vxlan\.calico|weave)$/;

const leftoverInterfaces: Check = {
  name: 'leftover-interfaces',
  title: 'network interfaces of another cluster',
  why: 'their addresses and routes overlap with those that pods are going to have',
  mend: 'Start the host anew, or `ip link delete NAME`. If they come back, find out what makes them.',
  severity: 'error',
  onlyFresh: true,
  inspect({ host: { network } }) {
    return network.interfaces
      .filter(
        ({ name, addresses, up }) => INTERFACES.test(name) && !(name === 'tunl0' && !up && addresses.length === 0),
      )
      .map(({ name }) => ({ found: `there is an interface ${name}` }));
  },
};

const proxyEnvironment: Check = {
  name: 'proxy-environment',
  title: 'proxies in the environment, without exceptions',
  why: 'kubectl and other tools would send requests for the API server, Services and pods to the proxy',
  mend: 'Set no_proxy to the planes, networks.pods and networks.services beside them. For containerd, use proxies in the configuration.',
  severity: 'warning',
  inspect({ host: { proxyVariables } }) {
    const known = proxyVariables.filter((name) => /^(?:https?|all)_proxy$/i.test(name));
    const hasExceptions = proxyVariables.some((name) => /^no_proxy$/i.test(name));
    return known.length === 0 || hasExceptions ? [] : [{ found: `${listed(known)} without no_proxy` }];
  },
};

export const networkServiceChecks = [
  firewalld,
  otherFirewall,
  nmCloudSetup,
  reversePathFilter,
  foreignChains,
  leftoverInterfaces,
  proxyEnvironment,
] as const;
