import { spawn } from 'node:child_process';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gatewayAddress, type HostNames, networkNamespace } from './addresses.ts';
import { readHierarchies } from './cgroups.ts';
import { machineTool, PLAIN_ENVIRONMENT } from './machine-tool.ts';
import type { Bind, HostOptions } from './types.ts';

const SCRIPT = fileURLToPath(new URL('keeper.sh', import.meta.url));

/** What keeper.sh is to keep. */
export interface Kept {
  /** The host's folder under the state directory. */
  readonly directory: string;
  readonly slot: number;
  readonly names: HostNames;
  readonly options: HostOptions;
  readonly disk: string;
}

/** Switches a host on: starts its keeper, which lives on when this process ends. Returns when the keeper runs. */
export async function startKeeper(kept: Kept): Promise<void> {
  await mkdir(join(kept.directory, 'root'), { recursive: true });
  const { slot, names, options } = kept;
  const files = {
    disk: kept.disk,
    network: networkNamespace(slot),
    plug: plugBatch(names),
    address: addressBatch(names, gatewayAddress(slot)),
    cgroup: names.cgroup,
    hierarchies: `${(await readHierarchies()).join('\n')}\n`,
    memory: options.memoryMiB === undefined ? '' : String(options.memoryMiB * 1024 * 1024),
    nspawn: `${nspawnArguments(names, options).join('\n')}\n`,
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(kept.directory, name), content);
  // The script is copied, so that editing it does not change a running shell under its feet.
  await machineTool(['cp', SCRIPT, join(kept.directory, 'keeper.sh')]);
  await spawnKeeper(kept.directory);
}

/** The last lines of what the host wrote to its console. */
export async function consoleTail(directory: string, lines = 30): Promise<string> {
  const text = await readFile(join(directory, 'console.log'), 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

/** Arguments of systemd-nspawn but for the root folder and the network namespace, which keeper.sh knows. */
export function nspawnArguments(names: HostNames, options: HostOptions): string[] {
  return [
    '--quiet',
    '--boot',
    `--machine=${names.machine}`,
    `--hostname=${options.name}`,
    '--capability=all',
    // The clock is the machine's: no host may set it.
    '--drop-capability=CAP_SYS_TIME',
    '--register=no',
    '--keep-unit',
    '--system-call-filter=@known',
    '--bind=/dev/fuse',
    '--bind=/dev/loop-control',
    '--bind=/dev/kmsg',
    '--console=pipe',
    '--resolv-conf=off',
    '--timezone=off',
    '--link-journal=no',
    ...(options.binds ?? []).map(bindArgument),
  ];
}

/** The command that runs another one in the network namespace of a host that is on. */
export async function inHostNetwork(directory: string): Promise<readonly [string, ...string[]]> {
  const holder = await readFile(join(directory, 'holder'), 'utf8');
  return ['nsenter', '--target', holder.trim(), '--net'];
}

/** Input of `ip -batch` in the network's namespace: the host's cables into the bridges. HOLDER stands for the host's namespace. */
export function plugBatch(names: HostNames): string {
  const lines = names.ports.flatMap(({ port, device, mac, plane }) => [
    `link add ${port} type veth peer name ${device} address ${mac} netns HOLDER`,
    `link set ${port} master plane${plane} up`,
  ]);
  return `${lines.join('\n')}\n`;
}

/** Input of `ip -batch` in the host's namespace. */
export function addressBatch(names: HostNames, gateway: string): string {
  const lines = names.ports.flatMap(({ device, address }) => [
    `addr add ${address}/24 dev ${device}`,
    `link set ${device} up`,
  ]);
  return `link set lo up\n${lines.join('\n')}\nroute add default via ${gateway}\n`;
}

function bindArgument({ source, target }: Bind): string {
  for (const path of [source, target]) {
    if (!path.startsWith('/') || path.includes('\n')) throw new Error(`a bind needs absolute paths, not "${path}"`);
  }
  const escaped = (path: string) => path.replace(/[\\:]/g, '\\$&');
  return `--bind-ro=${escaped(source)}:${escaped(target)}`;
}

async function spawnKeeper(directory: string): Promise<void> {
  const console = await open(join(directory, 'console.log'), 'a', 0o600);
  try {
    const keeper = spawn('unshare', ['--mount', '--propagation', 'slave', 'sh', 'keeper.sh'], {
      cwd: directory,
      detached: true,
      stdio: ['ignore', console.fd, console.fd],
      env: PLAIN_ENVIRONMENT,
    });
    await new Promise((resolve, reject) => keeper.once('spawn', resolve).once('error', reject));
    keeper.unref();
  } finally {
    await console.close();
  }
}
