import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { command } from './command.ts';
import type { SandboxHost, SandboxRequest } from './protocol.ts';

/** In the host's root: lines that kubeadm's calls of systemctl leave. */
export const SERVICE_CALLS = '/run/service-calls';

const HELPERS = '/opt/helpers';

/** Stands in for systemd's client: remembers the call; kubelet exists, and no service (of a resolver, say) is active. */
const SYSTEMCTL = `#!/bin/sh
[ "$1" = is-active ] && { echo inactive; exit 3; }
echo "$*" >>${SERVICE_CALLS}
`;

/**
 * Makes a root file system for a host: empty but for what every Linux has, the machine's /usr (read-only) for a shell, and
 * the programs. It lies on the sandbox's own tmpfs.
 */
export async function makeHostRoot(root: string, host: SandboxHost, request: SandboxRequest): Promise<void> {
  for (const folder of [
    'dev',
    'etc',
    'opt/helpers',
    'proc',
    'root',
    'run',
    'sys',
    'tmp',
    'usr',
    'var/lib',
    'var/log',
  ]) {
    await mkdir(join(root, folder), { recursive: true });
  }
  await chmod(join(root, 'tmp'), 0o1777);
  for (const name of ['bin', 'lib', 'lib64', 'sbin']) await symlink(`usr/${name}`, join(root, name));
  await bindReadOnly('/usr', join(root, 'usr'));
  await command('mount', '--bind', '/dev', join(root, 'dev'));
  await command('mount', '-t', 'proc', 'proc', join(root, 'proc'));
  for (const [index, source] of request.programs.entries()) {
    const target = join(root, 'opt', `programs-${index}`);
    await mkdir(target);
    await bindReadOnly(source, target);
  }
  await writeFile(join(root, HELPERS, 'systemctl'), SYSTEMCTL, { mode: 0o755 });
  await writeFile(join(root, SERVICE_CALLS), '');
  await writeEtc(root, host, request);
  for (const [path, content] of Object.entries(host.files)) await writeFileAt(join(root, path), content);
}

/** Arguments to `unshare` (the program) for a command on that host: under its name, in its root. */
export function onHost(root: string, host: SandboxHost, args: readonly string[], programFolders: number): string[] {
  const folders = Array.from({ length: programFolders }, (_, index) => `/opt/programs-${index}`);
  const path = [...folders, HELPERS, '/usr/sbin', '/usr/bin'].join(':');
  const script =
    'hostname "$1" && root=$2 && path=$3 && shift 3 && umask 022 && exec chroot "$root" env -i HOME=/root PATH="$path" "$@"';
  return ['--uts', 'sh', '-c', script, 'sh', host.name, root, path, ...args];
}

async function writeEtc(root: string, host: SandboxHost, request: SandboxRequest): Promise<void> {
  const hosts = ['127.0.0.1 localhost', ...request.hostsFile].join('\n');
  await writeFileAt(join(root, 'etc/hosts'), `${hosts}\n`);
  await writeFileAt(join(root, 'etc/hostname'), `${host.name}\n`);
  await writeFileAt(join(root, 'etc/resolv.conf'), '');
  await writeFileAt(join(root, 'etc/nsswitch.conf'), 'hosts: files\n');
  await writeFileAt(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  await writeFileAt(join(root, 'etc/group'), 'root:x:0:\n');
  await writeFileAt(
    join(root, 'etc/login.defs'),
    'SYS_UID_MIN 201\nSYS_UID_MAX 999\nSYS_GID_MIN 201\nSYS_GID_MAX 999\n',
  );
}

async function writeFileAt(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

async function bindReadOnly(source: string, target: string): Promise<void> {
  await command('mount', '--bind', source, target);
  await command('mount', '-o', 'remount,bind,ro', target);
}
