import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import { type DnfRepository, dnfConfiguration, dnfFolders } from '../../packages/dnf-configuration.ts';
import { productRoot } from '../../product/product-root.ts';
import type { PackagePlatform } from '../../release/release.ts';
import type { BuildContext } from '../build-context.ts';
import { bond, type ToolResult, tryTool } from '../run-tool.ts';
import { tools } from '../tools.ts';

export interface DnfRun {
  /** Folder of this run alone; what it leaves there is nobody's. */
  readonly work: string;
  /** The system that packages are installed into: absolute path of a folder with an RPM database, or without one. */
  readonly root: string;
  /** Folder for metadata of repositories, which a later run finds there. */
  readonly metadata: string;
  readonly platform: Pick<PackagePlatform, 'name' | 'releasever' | 'modulePlatform'>;
  readonly repositories: readonly DnfRepository[];
  readonly command: readonly string[];
  /** Nothing but this machine's files can be reached. */
  readonly offline?: true;
}

/** Where the RPM database is, whatever this distribution's rpm thinks, and nothing that it would plug in: no SELinux, no audit, no D-Bus. */
const RPM_MACROS = '%_dbpath /var/lib/rpm\n%__plugindir /dev/null\n';

const PLUGIN = 'metalk8s_resolve.py';

/**
 * Runs dnf as the root of a user namespace of its own, which any user may make: it can change owners and roots in there, and has no right
 * outside that the caller has not. Nothing of this machine's dnf and rpm settings is read. Ends however dnf ends; throws a
 * `PREFLIGHT_FAILED` when there is no dnf or no user namespace.
 */
async function runDnf(run: DnfRun, { env, stop }: Pick<BuildContext, 'env' | 'stop'>): Promise<ToolResult> {
  const { work, root, metadata, platform, repositories, command, offline } = run;
  const home = join(work, 'home');
  for (const folder of [home, root, metadata, ...Object.values(dnfFolders).map((name) => join(work, name))]) {
    await mkdir(folder, { recursive: true });
  }
  await writeFile(join(home, '.rpmmacros'), RPM_MACROS);
  await copyFile(join(productRoot(), 'templates/dnf', PLUGIN), join(work, dnfFolders.plugins, PLUGIN));
  const authorities = env.SSL_CERT_FILE || undefined;
  const { modulePlatform } = platform;
  const configuration = { modulePlatform, repositories, ...(authorities === undefined ? {} : { authorities }) };
  await writeFile(join(work, 'dnf.conf'), dnfConfiguration(configuration));
  const result = await tryTool(tools.unshare, {
    arguments: [
      '--user',
      '--map-root-user',
      ...(offline ? ['--net'] : []),
      '--',
      // A new user namespace forgets whom its processes were to end with.
      ...(await bond(env)),
      // For each repository whose metadata it verifies, dnf leaves a gpg-agent behind: they end with the namespace of processes.
      ...[tools.unshare.program, '--pid', '--fork', '--kill-child=KILL', '--'],
      tools.dnf.program,
      '--quiet',
      '--config=dnf.conf',
      `--installroot=${root}`,
      `--setopt=cachedir=${metadata}`,
      `--releasever=${platform.releasever}`,
      ...foreign(platform.name),
      ...command,
    ],
    cwd: work,
    env: { ...env, HOME: home, PYTHONDONTWRITEBYTECODE: '1' },
    stop,
    // unshare waits for dnf and takes no other signal. What dnf leaves half done is thrown away.
    ending: 'SIGKILL',
  });
  if (result.exitCode !== 0 && result.stderr.startsWith('unshare: ')) throw noNamespace(result.stderr);
  return result;
}

/** Runs dnf, gives its words to `failure` when it fails, and throws what that makes of them. */
export async function succeedDnf(
  run: DnfRun,
  context: Pick<BuildContext, 'env' | 'stop'>,
  failure: (reasons: string) => MetalK8sError,
): Promise<void> {
  const result = await runDnf(run, context);
  if (result.exitCode === 0) return;
  // What is half there, or was altered, must not be what the next run begins with.
  await rm(run.metadata, { recursive: true, force: true });
  throw failure([dnfReasons(result.stderr), ...(await transferErrors(run.root))].join('\n'));
}

/** What dnf says went wrong, without what it says on the way there. */
function dnfReasons(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  const told = lines.filter(
    (line) => line !== '' && !/^(Importing GPG key|Userid +:|Fingerprint *:|From +:)/.test(line),
  );
  const start = told.findIndex((line) => line.startsWith('Error:'));
  return told.slice(Math.max(0, start === -1 ? told.length - 20 : start)).join('\n');
}

/** dnf keeps to itself why a file could not be had: that it is missing, or that it does not fit its checksum. Its log says so. */
async function transferErrors(root: string): Promise<string[]> {
  const log = await readFile(join(root, 'var/log/dnf.librepo.log'), 'utf8').catch(() => '');
  return [...new Set([...log.matchAll(/ Error during transfer: (.*)$/gm)].map(([, why = '']) => why.trim()))].slice(-3);
}

/** For packages of another processor. */
function foreign(platform: string): string[] {
  const architecture = platform.split('/')[1] ?? '';
  const native = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  return architecture === native ? [] : [`--forcearch=${architecture}`];
}

function noNamespace(stderr: string): MetalK8sError {
  return new MetalK8sError(
    'PREFLIGHT_FAILED',
    'No user namespace can be made, which packages are resolved and proven in',
    {
      hint:
        'See that the sysctl user.max_user_namespaces is not 0; that kernel.unprivileged_userns_clone is 1 where there is one; on Ubuntu, that ' +
        'kernel.apparmor_restrict_unprivileged_userns is 0. In a container, allow unshare.',
      cause: new Error(stderr.trim()),
    },
  );
}
