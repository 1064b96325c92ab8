import type { Host } from '../../hosts/host.ts';
import { LOCK_DIRECTORY } from '../../plan/reset-paths.ts';
import { nameAndArchitecture } from '../../plan/what-is-ours.ts';
import type { StepContext, StepOf } from '../step-handler.ts';
import { endGpgAgents } from './end-gpg-agents.ts';
import { installedPackages } from './packages-before.ts';
import { plannedCommand } from './planned-command.ts';
import { runChecked } from './run-checked.ts';
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
  const damaged = await mend(otherwise, step, context);
  await host.files.ensureDirectory({ path: LOCK_DIRECTORY, mode: 0o755, uid: 0, gid: 0 });
  await host.files.writeAtomic([{ path: SEEN_WHOLE, content: '', mode: 0o600, uid: 0, gid: 0 }]);
  return damaged;
}

/** The plugin ends dnf where its own configuration lies empty; what is installed in the same version breaks no lock. */
const WITHOUT_LOCKS = '--disableplugin=versionlock';

/** Installs those anew that we bring; gives whether there are some. */
async function mend(
  packages: readonly string[],
  step: StepOf<'install-packages'>,
  context: StepContext,
): Promise<boolean> {
  if (packages.length === 0) return false;
  const words = step.command.flatMap((word) => (word === 'install' ? ['reinstall', WITHOUT_LOCKS] : [word]));
  try {
    const ours = await thoseWeBring(packages, step, context.host);
    if (ours.length === 0) return false;
    await runDnf(
      async () => plannedCommand([...words, ...ours]),
      (why) => why,
      context,
    );
    return true;
  } finally {
    await endGpgAgents(context.host, step.repository);
  }
}

/** What the host's owner has installed since is the owner's. */
async function thoseWeBring(
  packages: readonly string[],
  { repository }: StepOf<'install-packages'>,
  host: Host,
): Promise<readonly string[]> {
  // The power cut may have taken the key from dnf's cache as well: it takes it from our file anew, where it need not ask.
  const asking = [
    '--assumeyes',
    '--quiet',
    WITHOUT_LOCKS,
    '--disablerepo=*',
    `--enablerepo=${repository}`,
    '--',
    ...packages,
  ];
  const { stdout } = await runChecked(host, ['dnf', 'repoquery', ...asking], UNKNOWN);
  const brought = new Set(stdout.split('\n'));
  return packages.filter((each) => brought.has(each));
}

/** Of files alone, by size and content: modes, owners and times are the host's. */
const VERIFY = [
  ...['rpm', '--verify', '--nodeps', '--noscripts', '--nomode', '--nouser', '--nogroup', '--nomtime', '--nordev'],
  ...['--nolinkto', '--nocaps', '--'],
] as const;

const UNKNOWN = {
  message: 'Packages lie damaged on the disk, and dnf does not tell which of them the archive has',
  hint: 'Mend what dnf says, then run again.',
};
const UNREMOVED = {
  message: 'What Python has compiled cannot be removed',
  hint: 'See to it that the file system can be written to, then run again.',
};

async function isDamaged(host: Host, name: string): Promise<boolean> {
  const { stdout } = await host.run([...VERIFY, name]);
  const { files, configurations, compiled } = readOtherwise(stdout);
  // Python stumbles over one that is cut off in the middle, and makes anew one that is not there.
  if (compiled.length > 0) {
    const input = compiled.map((path) => `${path}\0`).join('');
    await runChecked(host, ['xargs', '--null', 'rm', '--force', '--'], UNREMOVED, { input });
  }
  if (files.length > 0) return true;
  if (configurations.length === 0) return false;
  // One that has words in it is its owner's, and one that is empty would stay so.
  const emptied = ['-maxdepth', '0', '-type', 'f', '-empty', '-print', '-delete'];
  return (await host.run(['find', ...configurations, ...emptied])).stdout !== '';
}

/** Files of a package that are not as it brought them. */
interface Otherwise {
  readonly files: readonly string[];
  readonly configurations: readonly string[];
  /** What Python has compiled, or a package for it (PEP 3147). One that is missing is none. */
  readonly compiled: readonly string[];
}

/** Reads what `rpm --verify` prints of a package whose files are otherwise: `S.5......  c /etc/crictl.yaml`, `missing     /usr/bin/kubelet`. */
export function readOtherwise(text: string): Otherwise {
  const lines = [...text.matchAll(/^(missing|\S{2}5\S*) +(?:([a-z]) )?(\/.*)$/gm)];
  const found = lines.flatMap(([, how, kind = '', path = '']) => (kind === 'g' ? [] : [{ how, kind, path }]));
  const isCompiled = ({ path }: { readonly path: string }) => /\/__pycache__\/[^/]+\.pyc$/.test(path);
  const others = found.filter((each) => !isCompiled(each));
  return {
    files: others.filter(({ kind }) => kind !== 'c').map(({ path }) => path),
    configurations: others.filter(({ kind }) => kind === 'c').map(({ path }) => path),
    compiled: found.filter((each) => isCompiled(each) && each.how !== 'missing').map(({ path }) => path),
  };
}

/** As rpm prints it, and takes it in every version. */
export function withoutZeroEpoch(exact: string): string {
  return exact.replace(/-0:(?=[^:]*$)/, '-');
}
