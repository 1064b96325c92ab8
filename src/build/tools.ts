import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { BuildContext } from './build-context.ts';
import { type Tool, tryTool } from './run-tool.ts';

interface SystemTool extends Tool {
  /** Makes it say its version. */
  readonly ask: readonly string[];
  /** The oldest version that does what we ask of it. */
  readonly oldest?: string;
  /** What that version brought. */
  readonly because?: string;
}

/** The programs of the build station that a build runs. */
export const tools = {
  skopeo: {
    program: 'skopeo',
    debian: 'skopeo',
    el: 'skopeo',
    ask: ['--version'],
    oldest: '1.6.0',
    because: '--preserve-digests',
  },
  /** dnf 4, by the name that it has everywhere: on newer Fedora, `dnf` is dnf 5, which has other plug-ins. */
  dnf: { program: 'dnf-3', debian: 'dnf', el: 'python3-dnf', ask: ['--version'] },
  rpm: { program: 'rpm', debian: 'rpm', el: 'rpm', ask: ['--version'] },
  rpmkeys: { program: 'rpmkeys', debian: 'rpm', el: 'rpm', ask: ['--version'] },
  rpmsign: { program: 'rpmsign', debian: 'rpm', el: 'rpm-sign', ask: ['--version'] },
  createrepo_c: {
    program: 'createrepo_c',
    debian: 'createrepo-c',
    el: 'createrepo_c',
    ask: ['--version'],
    oldest: '0.12.1',
    because: '--set-timestamp-to-revision',
  },
  gpg: { program: 'gpg', debian: 'gpg', el: 'gnupg2', ask: ['--version'], oldest: '2.2.0', because: 'gpg-agent' },
  xorriso: {
    program: 'xorriso',
    debian: 'xorriso',
    el: 'xorriso',
    ask: ['--version'],
    oldest: '1.4.8',
    because: '--set_all_file_dates',
  },
  nginx: { program: 'nginx', debian: 'nginx-light', el: 'nginx', ask: ['-v'] },
  setpriv: { program: 'setpriv', debian: 'util-linux', el: 'util-linux', ask: ['--version'] },
  unshare: { program: 'unshare', debian: 'util-linux', el: 'util-linux', ask: ['--version'] },
} as const satisfies Record<string, SystemTool>;

export type ToolName = keyof typeof tools;

/** Versions of tools by their names: for keys of memos, and to be told beside the disc. */
export type ToolVersions = Readonly<Partial<Record<ToolName, string>>>;

/**
 * The environment in which tools are looked for and run: that of the user, with the folders of system programs, which an ordinary user's
 * PATH on Debian lacks.
 */
export function toolEnvironment(env: BuildContext['env']): BuildContext['env'] {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const missing = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'].filter(
    (folder) => !folders.includes(folder),
  );
  return { ...env, PATH: [...folders, ...missing].join(delimiter) };
}

/**
 * The versions of the tools that a build is going to run. Throws one `PREFLIGHT_FAILED` that names all that are not installed or too old,
 * with the packages that have them.
 */
export async function requireTools(
  names: readonly ToolName[],
  { env, stop }: Pick<BuildContext, 'env' | 'stop'>,
): Promise<ToolVersions> {
  const found = await Promise.all(
    names.map(async (name) => {
      const path = await pathOf(tools[name], env);
      const version = path === undefined ? undefined : await versionOf(tools[name], { env, stop });
      return [name, version] as const;
    }),
  );
  const missing = found.filter(([, version]) => version === undefined).map(([name]) => tools[name]);
  const old = found.filter(([name, version]) => version !== undefined && isTooOld(tools[name], version));
  if (missing.length + old.length > 0) throw unfit(missing, old);
  return Object.fromEntries(found);
}

/** Where a program lies, the first in the folders of PATH; undefined when it is in none of them. */
export async function pathOf({ program }: Tool, env: BuildContext['env']): Promise<string | undefined> {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const path = join(folder || '.', program);
    if (await access(path, constants.X_OK).then(yes, no)) return path;
  }
  return undefined;
}

const yes = () => true;
const no = () => false;

/** What programs said in an environment: they are the same throughout a build, and some take long to say it. */
const said = new WeakMap<BuildContext['env'], Map<string, Promise<string>>>();

/** `unknown` for a program that does not say it in a way that we read: an unusual build of it is not for us to refuse. */
function versionOf(tool: SystemTool, context: Pick<BuildContext, 'env' | 'stop'>): Promise<string> {
  const known = said.get(context.env) ?? new Map<string, Promise<string>>();
  said.set(context.env, known);
  const version = known.get(tool.program) ?? askVersion(tool, context);
  known.set(tool.program, version);
  return version;
}

async function askVersion(tool: SystemTool, { env, stop }: Pick<BuildContext, 'env' | 'stop'>): Promise<string> {
  const { stdout, stderr } = await tryTool(tool, { arguments: tool.ask, env, stop });
  return readVersion(`${Buffer.from(stdout)}\n${stderr}`) ?? 'unknown';
}

/** The version in what a program says of itself: the first number with a dot in it. */
export function readVersion(text: string): string | undefined {
  return /(?<![\w.])\d+(?:\.\d+)+[\w.+~-]*/.exec(text)?.[0];
}

function isTooOld({ oldest }: SystemTool, version: string): boolean {
  return oldest !== undefined && /^\d/.test(version) && compareVersions(version, oldest) < 0;
}

/** Less than zero when the first is the older one. Only what stands before letters is compared. */
export function compareVersions(first: string, second: string): number {
  const [left, right] = [first, second].map((version) => (/^[\d.]*/.exec(version)?.[0] ?? '').split('.').map(Number));
  for (let index = 0; index < Math.max(left?.length ?? 0, right?.length ?? 0); index++) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function unfit(missing: readonly Tool[], old: readonly (readonly [ToolName, string | undefined])[]): MetalK8sError {
  const sentences = [
    ...(missing.length > 0 ? [`not installed: ${missing.map(({ program }) => program).join(', ')}`] : []),
    ...old.map(([name, version]) => {
      const { oldest, because }: SystemTool = tools[name];
      return `too old: ${name} ${version}, at least ${oldest} is needed for ${because}`;
    }),
  ];
  const wanted = [...missing, ...old.map(([name]) => tools[name])];
  const packages = (kind: 'debian' | 'el') => [...new Set(wanted.map((tool) => tool[kind]))].join(' ');
  return new MetalK8sError('PREFLIGHT_FAILED', `the build station lacks programs: ${sentences.join('; ')}`, {
    hint: `Install the packages ${packages('debian')} (Debian, Ubuntu) or ${packages('el')} (Enterprise Linux, Fedora) and run again.`,
  });
}
