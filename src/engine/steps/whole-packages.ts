import type { Host } from '../../hosts/host.ts';
import { LOCK_DIRECTORY } from '../../plan/reset-paths.ts';
import { nameAndArchitecture } from '../../plan/what-is-ours.ts';
import type { StepContext, StepOf } from '../step-handler.ts';
import { endGpgAgents } from './end-gpg-agents.ts';
import { installedPackages } from './packages-before.ts';
import { plannedCommand } from './planned-command.ts';
import { runDnf } from './run-dnf.ts';

/** There once packages were seen to be whole since the host was started: below a folder that is empty after each start. */
export const SEEN_WHOLE = `${LOCK_DIRECTORY}/packages-whole`;

/**
 * Installs packages anew whose files are not as they were brought, of those that a host did not have before us. RPM's database is on the disk before
 * the files are: what was installed shortly before a power cut is there for RPM, with empty files. Looked at once after each start of the host. Gives
 * whether any was.
 */
export async function ensureWholePackages(step: StepOf<'install-packages'>, context: StepContext): Promise<boolean> {
  const { host, possessions } = context;
  if ((await host.files.look(SEEN_WHOLE)) !== undefined) return false;
  const before = possessions.list().find(({ what }) => what === 'packages-before');
  const had = before?.what === 'packages-before' ? new Set(before.packages.map(nameAndArchitecture)) : undefined;
  const ours =
    had === undefined ? [] : (await installedPackages(host)).filter((each) => !had.has(nameAndArchitecture(each)));
  const otherwise = [];
  for (const each of ours) if (await isDamaged(host, withoutZeroEpoch(each))) otherwise.push(each);
  const damaged = await thoseWeBring(otherwise, step, host);
  if (damaged.length > 0) await installAnew(damaged, step, context);
  await host.files.ensureDirectory({ path: LOCK_DIRECTORY, mode: 0o755, uid: 0, gid: 0 });
  await host.files.writeAtomic([{ path: SEEN_WHOLE, content: '', mode: 0o600, uid: 0, gid: 0 }]);
  return damaged.length > 0;
}

async function installAnew(
  packages: readonly string[],
  { command, repository }: StepOf<'install-packages'>,
  context: StepContext,
): Promise<void> {
  const words = command.map((word) => (word === 'install' ? 'reinstall' : word));
  try {
    await runDnf(
      async () => plannedCommand([...words, ...packages]),
      (why) => why,
      context,
    );
  } finally {
    await endGpgAgents(context.host, repository);
  }
}

/** What the host's owner has installed since is the owner's. */
async function thoseWeBring(
  packages: readonly string[],
  { repository }: StepOf<'install-packages'>,
  host: Host,
): Promise<readonly string[]> {
  if (packages.length === 0) return [];
  const asking = ['--quiet', '--disablerepo=*', `--enablerepo=${repository}`, '--', ...packages];
  const { stdout } = await host.run(['dnf', 'repoquery', ...asking]);
  const brought = new Set(stdout.split('\n'));
  return packages.filter((each) => brought.has(each));
}

/** Of files alone, by size and content: modes, owners and times are the host's. */
const VERIFY = [
  ...['rpm', '--verify', '--nodeps', '--noscripts', '--nomode', '--nouser', '--nogroup', '--nomtime', '--nordev'],
  ...['--nolinkto', '--nocaps', '--'],
] as const;

async function isDamaged(host: Host, name: string): Promise<boolean> {
  const { stdout } = await host.run([...VERIFY, name]);
  const { files, configurations } = readOtherwise(stdout);
  if (files.length > 0) return true;
  if (configurations.length === 0) return false;
  // One that has words in it is its owner's, and one that is empty would stay so.
  const emptied = ['-maxdepth', '0', '-type', 'f', '-empty', '-print', '-delete'];
  return (await host.run(['find', ...configurations, ...emptied])).stdout !== '';
}

/**
 * Reads what `rpm --verify` prints of a package whose files are otherwise: `S.5......  c /etc/crictl.yaml`, `missing     /usr/bin/kubelet`. Left out is what
 * Python compiles for itself, and sees to by itself.
 */
export function readOtherwise(text: string): {
  readonly files: readonly string[];
  readonly configurations: readonly string[];
} {
  const lines = [...text.matchAll(/^(missing|\S{2}5\S*) +(?:([a-z]) )?(\/.*)$/gm)];
  const found = lines.flatMap(([, , kind = '', path = '']) =>
    kind === 'g' || path.endsWith('.pyc') ? [] : [{ kind, path }],
  );
  return {
    files: found.flatMap(({ kind, path }) => (kind === 'c' ? [] : [path])),
    configurations: found.flatMap(({ kind, path }) => (kind === 'c' ? [path] : [])),
  };
}

/** As rpm prints it, and takes it in every version. */
export function withoutZeroEpoch(exact: string): string {
  return exact.replace(/-0:(?=[^:]*$)/, '-');
}
