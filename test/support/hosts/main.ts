import { spawnSync } from 'node:child_process';
import { type BootstrapDisc, makeDisc } from '../cluster/bootstrap-disc.ts';
import { addBootstrapHost, DISC_MOUNT } from '../cluster/bootstrap-ground.ts';
import { type HostsCommand, parseHostsCommand, USAGE } from './command-line.ts';
import type { TestHost } from './host.ts';
import { createNetwork, detachedNetworks, type TestNetwork } from './network.ts';
import { sshArguments } from './ssh-arguments.ts';
import type { HostOptions } from './types.ts';

/** Hosts for people: see USAGE in command-line.ts. */
async function main(args: readonly string[]): Promise<number> {
  let command: HostsCommand;
  try {
    command = parseHostsCommand(args);
  } catch (error) {
    say(`${(error as Error).message}; npm run hosts -- --help tells more`);
    return 2;
  }
  switch (command.verb) {
    case 'help':
      process.stdout.write(USAGE);
      return 0;
    case 'up':
      return up(command);
    case 'list':
      return list();
    case 'ssh':
      return ssh(command.name, command.command);
    case 'down':
      return down(command.name);
  }
}

async function up(wanted: Extract<HostsCommand, { verb: 'up' }>): Promise<number> {
  const names = wanted.name === undefined ? freeNames(await allHosts(), wanted.count) : [wanted.name];
  const disc = wanted.disc ? await makeDisc(say) : undefined;
  const network = await createNetwork({ planes: wanted.planes, detached: true, report: say });
  try {
    await Promise.all(
      names.map(async (name) => {
        const begin = Date.now();
        const host = await addWanted(network, { ...wanted, name, ...(disc && { insert: disc }) });
        say(`${name} is up after ${((Date.now() - begin) / 1000).toFixed(1)} s: ${host.addresses.join(', ')}`);
      }),
    );
  } catch (error) {
    await network.destroy();
    throw error;
  }
  for (const host of network.hosts()) host.disconnect();
  if (disc) say(`\nBootstrap:   npm run hosts -- ssh ${names[0]} sh ${DISC_MOUNT}/metalk8s bootstrap`);
  say(`${disc ? '' : '\n'}Log in:      npm run hosts -- ssh ${names[0]}\nRemove them: npm run hosts -- down`);
  return 0;
}

interface WantedHost extends Pick<HostOptions, 'name' | 'kind' | 'diskGiB' | 'binds'> {
  readonly insert?: BootstrapDisc;
}

function addWanted(network: TestNetwork, { insert, name, kind, diskGiB, binds = [] }: WantedHost): Promise<TestHost> {
  const options = { name, kind, binds, ...(diskGiB === undefined ? {} : { diskGiB }) };
  return insert === undefined ? network.addHost(options) : addBootstrapHost(network, insert, options);
}

async function list(): Promise<number> {
  const hosts = await allHosts();
  if (hosts.length === 0) say('there is no host; npm run hosts -- up makes one');
  for (const { label, host } of hosts) {
    const state = (await host.isOn()) ? 'on' : 'off';
    const columns = [label.padEnd(12), host.options.kind.padEnd(11), state.padEnd(4), host.addresses.join(' ')];
    process.stdout.write(`${columns.join(' ')}\n`);
  }
  return 0;
}

async function ssh(name: string, command: readonly string[]): Promise<number> {
  const { login } = await hostNamed(name);
  const { status, error } = spawnSync('ssh', sshArguments(login, command), { stdio: 'inherit' });
  if (error !== undefined) throw new Error(`cannot run ssh (Debian package openssh-client): ${error.message}`);
  return status ?? 255;
}

async function down(label: string | undefined): Promise<number> {
  const one = label === undefined ? undefined : await hostNamed(label);
  for (const network of await detachedNetworks(say)) {
    const hosts = network.hosts().filter(({ login }) => one === undefined || login.address === one.login.address);
    const isWhole = hosts.length === network.hosts().length;
    if (isWhole) await network.destroy();
    else for (const host of hosts) await host.destroy();
    for (const host of hosts) say(`${host.name} is gone`);
  }
  return 0;
}

/** All hosts kept for people. A label is the host's name, with its network's number before it where two hosts share the name. */
async function allHosts(): Promise<{ label: string; host: TestHost }[]> {
  const networks = await detachedNetworks(say);
  const hosts = networks.flatMap((network) => network.hosts().map((host) => ({ slot: network.slot, host })));
  const isShared = (name: string) => hosts.filter(({ host }) => host.name === name).length > 1;
  return hosts.map(({ slot, host }) => ({ label: isShared(host.name) ? `${slot}/${host.name}` : host.name, host }));
}

async function hostNamed(label: string): Promise<TestHost> {
  const hosts = await allHosts();
  const found = hosts.find((one) => one.label === label);
  if (found === undefined) {
    throw new Error(`there is no host ${label}; there is ${hosts.map((one) => one.label).join(', ') || 'none'}`);
  }
  return found.host;
}

/** `node1`, `node2`…, without those that are taken. */
function freeNames(hosts: readonly { host: TestHost }[], count: number): string[] {
  const names = Array.from({ length: hosts.length + count }, (_, index) => `node${index + 1}`);
  return names.filter((name) => hosts.every(({ host }) => host.name !== name)).slice(0, count);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

process.exitCode = await main(process.argv.slice(2)).catch((error: Error) => {
  say(error.message);
  return 1;
});
