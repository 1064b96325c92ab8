import { command } from './command.ts';

/**
 * Gives the sandbox's own network namespace the addresses of all hosts, on a veth pair whose both ends stay inside.
 * The first address gets the default route, by which kubeadm chooses a host's address.
 */
export async function setUpNetwork(addresses: readonly string[]): Promise<void> {
  await command('ip', 'link', 'set', 'lo', 'up');
  await command('ip', 'link', 'add', 'hosts', 'type', 'veth', 'peer', 'name', 'far');
  for (const address of addresses) await command('ip', 'address', 'add', address, 'dev', 'hosts');
  await command('ip', 'link', 'set', 'hosts', 'up');
  await command('ip', 'link', 'set', 'far', 'up');
  const network = addresses[0]?.replace(/\.\d+\/\d+$/, '');
  await command('ip', 'route', 'add', 'default', 'via', `${network}.1`, 'dev', 'hosts');
}
