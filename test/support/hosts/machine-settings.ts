import { readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { STATE } from './records.ts';

/**
 * Settings of the machine's kernel that programs in hosts set, or need, and that no namespace keeps apart.
 * They are kept when the first network is made and put back when the last one goes.
 */
const SHARED = [
  // the kubelet
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
  // kube-proxy
  'net/netfilter/nf_conntrack_max',
  // systemd, its sysctl.d, and those of installed packages
  'fs/file-max',
  'fs/nr_open',
  'fs/inotify/max_user_instances',
  'fs/inotify/max_user_watches',
  'fs/protected_fifos',
  'fs/protected_hardlinks',
  'fs/protected_regular',
  'fs/protected_symlinks',
  'fs/aio-max-nr',
  'fs/suid_dumpable',
  'kernel/core_pattern',
  'kernel/core_pipe_limit',
  'kernel/core_uses_pid',
  'kernel/dmesg_restrict',
  'kernel/pid_max',
  'kernel/printk',
  'kernel/sysrq',
  'kernel/threads-max',
  'net/core/default_qdisc',
  'net/core/rmem_max',
  'net/core/wmem_max',
  'vm/max_map_count',
  'vm/swappiness',
] as const;

const KEPT = join(STATE, 'machine-settings.json');
type Settings = Readonly<Record<string, string>>;

/** Keeps the machine's settings, unless they are kept already, and sets what hosts need. Call it under the state lock. */
export async function prepareMachineSettings(): Promise<void> {
  const current = await readSettings();
  if ((await readKept()) === undefined) await writeFile(KEPT, JSON.stringify(current));
  await writeSettings(current, neededSettings(current, availableParallelism()));
}

/** Puts the machine's settings back as they were kept. Call it under the state lock, when no network is left. */
export async function restoreMachineSettings(): Promise<void> {
  const kept = await readKept();
  if (kept === undefined) return;
  await writeSettings(await readSettings(), kept);
  await rm(KEPT);
}

/** The machine's settings as they are while there is no network. Call it under the state lock. */
export async function settingsAtRest(): Promise<Settings> {
  return (await readKept()) ?? readSettings();
}

/** What hosts need of the machine. */
export function neededSettings(current: Settings, cores: number): Settings {
  const needed: Record<string, string> = {};
  // kube-proxy sets exactly this number unless it is set already, which a network namespace may not do: max(32768 a core, 131072).
  if ('net/netfilter/nf_conntrack_max' in current) {
    needed['net/netfilter/nf_conntrack_max'] = String(Math.max(32_768 * cores, 131_072));
  }
  // All hosts share one user's inotify instances; systemd, containerd and the kubelet use some 30 a host.
  const instances = Number(current['fs/inotify/max_user_instances'] ?? 0);
  needed['fs/inotify/max_user_instances'] = String(Math.max(instances, 8192));
  return needed;
}

async function readSettings(): Promise<Settings> {
  const settings: Record<string, string> = {};
  for (const name of SHARED) {
    const value = await readFile(join('/proc/sys', name), 'utf8').catch(() => undefined);
    if (value !== undefined) settings[name] = value.trimEnd();
  }
  return settings;
}

async function writeSettings(current: Settings, wanted: Settings): Promise<void> {
  for (const [name, value] of Object.entries(wanted)) {
    if (current[name] === value) continue;
    await writeFile(join('/proc/sys', name), value).catch((error: Error) => {
      throw new Error(`cannot set the machine's ${name.replaceAll('/', '.')} to ${value}: ${error.message}`);
    });
  }
}

async function readKept(): Promise<Settings | undefined> {
  const text = await readFile(KEPT, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Settings);
}
