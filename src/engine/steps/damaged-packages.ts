import type { Host } from '../../hosts/host.ts';
import { MEND_DATABASE } from '../rpm-database.ts';
import { programFailure } from '../run-checked.ts';
import { emptyFiles } from './empty-files.ts';
import { filesOfPackages } from './files-of-packages.ts';

/** Of files alone, by size and content: modes, owners and times are the host's. */
const VERIFY = [
  ...['rpm', '--verify', '--nodeps', '--noscripts', '--nomode', '--nouser', '--nogroup', '--nomtime', '--nordev'],
  ...['--nolinkto', '--nocaps', '--'],
] as const;

/** What of a package is not as it was brought, as paths. */
export interface DamagedPackage {
  /** `NAME-EPOCH:VERSION-RELEASE.ARCH` */
  readonly name: string;
  /** What installing it anew mends. */
  readonly files: readonly string[];
  /** Configurations that lie empty, which would stay so: any other is its owner's. */
  readonly emptied: readonly string[];
  /** What Python has compiled. Python stumbles over one that is cut off in the middle, and makes anew one that is not there. */
  readonly compiled: readonly string[];
}

/** Those of some packages, `NAME-EPOCH:VERSION-RELEASE.ARCH`, that are not as they were brought. Changes nothing. */
export async function damagedPackages(packages: readonly string[], host: Host): Promise<readonly DamagedPackage[]> {
  if (packages.length === 0) return [];
  const names = packages.map(withoutZeroEpoch);
  const { files, configurations, compiled } = readOtherwise(await verified(names, host));
  const emptied = await emptyFiles(configurations, host);
  const otherwise = new Set([...files, ...emptied, ...compiled]);
  if (otherwise.size === 0) return [];
  const theirs = (await filesOfPackages(host, ['--', ...names])).filter(({ path }) => otherwise.has(path));
  return [...Map.groupBy(theirs, ({ name }) => name)].map(([name, all]) => {
    const has = new Set(all.map(({ path }) => path));
    const among = (found: readonly string[]) => found.filter((path) => has.has(path));
    return { name, files: among(files), emptied: among(emptied), compiled: among(compiled) };
  });
}

/** What rpm prints of files that are otherwise. Its exit status is no more than that there are some, or how many packages have some: versions differ. */
async function verified(names: readonly string[], host: Host): Promise<string> {
  const command = [...VERIFY, ...names] as const;
  const result = await host.run(command);
  if (result.exitCode !== 0 && result.stdout === '') throw programFailure(command, result, UNKNOWN);
  return result.stdout;
}

const UNKNOWN = {
  message: 'RPM cannot tell whether the files of packages are as they were brought',
  hint: MEND_DATABASE,
};

interface Line {
  readonly how: string;
  /** The letter of rpm(8) for it, `c` for a configuration; empty: none. */
  readonly kind: string;
  readonly path: string;
}

/** Files of packages that are not as they were brought. */
interface Otherwise {
  /** One of a configuration that is missing among them: RPM brings it again with each new version as well. */
  readonly files: readonly string[];
  /** Those that are there. */
  readonly configurations: readonly string[];
  /** What Python has compiled, or a package for it (PEP 3147). One that is missing is none. */
  readonly compiled: readonly string[];
}

/**
 * Reads what `rpm --verify` prints of packages whose files are otherwise, or cannot be read: `S.5......  c /etc/crictl.yaml`, `missing     /usr/bin/kubelet`,
 * `..?......    /usr/bin/kubeadm`.
 */
export function readOtherwise(text: string): Otherwise {
  const all = [...text.matchAll(/^(missing|\S{2}[5?]\S*) +(?:([a-z]) )?(\/.*)$/gm)];
  const found = all.flatMap(([, how = '', kind = '', path = '']): readonly Line[] =>
    kind === 'g' ? [] : [{ how, kind, path }],
  );
  const isCompiled = ({ path }: Line) => /\/__pycache__\/[^/]+\.pyc$/.test(path);
  const isPresentConfiguration = ({ how, kind }: Line) => kind === 'c' && how !== 'missing';
  const others = found.filter((each) => !isCompiled(each));
  return {
    files: others.filter((each) => !isPresentConfiguration(each)).map(({ path }) => path),
    configurations: others.filter(isPresentConfiguration).map(({ path }) => path),
    compiled: found.filter((each) => isCompiled(each) && each.how !== 'missing').map(({ path }) => path),
  };
}

/** As rpm prints it, and takes it in every version. */
export function withoutZeroEpoch(exact: string): string {
  return exact.replace(/-0:(?=[^:]*$)/, '-');
}
