import type { Host } from '../../hosts/host.ts';
import { emptyFiles } from './empty-files.ts';
import { filesOfPackages } from './files-of-packages.ts';
import { removeFiles } from './run-on-paths.ts';

/** Of files alone, by size and content: modes, owners and times are the host's. */
const VERIFY = [
  ...['rpm', '--verify', '--nodeps', '--noscripts', '--nomode', '--nouser', '--nogroup', '--nomtime', '--nordev'],
  ...['--nolinkto', '--nocaps', '--'],
] as const;

/**
 * Those of some packages whose files are not as they were brought; their configurations are their owner's, unless they lie empty. What Python compiled and
 * a power cut left torn is removed on the way, as are empty configurations, which would stay so.
 *
 * @param packages `NAME-EPOCH:VERSION-RELEASE.ARCH`
 */
export async function damagedPackages(packages: readonly string[], host: Host): Promise<readonly string[]> {
  if (packages.length === 0) return [];
  const names = packages.map(withoutZeroEpoch);
  const { files, configurations, compiled } = readOtherwise((await host.run([...VERIFY, ...names])).stdout);
  // Python stumbles over one that is cut off in the middle, and makes anew one that is not there.
  await removeFiles(host, compiled);
  const emptied = await emptyFiles(configurations, host);
  const damaged = new Set([...files, ...emptied]);
  if (damaged.size === 0) return [];
  const lines = await filesOfPackages(host, ['--', ...names]);
  const found = lines.flatMap(({ name, path }) => (damaged.has(path) ? [name] : []));
  await removeFiles(host, emptied);
  return [...new Set(found)];
}

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

/** Reads what `rpm --verify` prints of packages whose files are otherwise: `S.5......  c /etc/crictl.yaml`, `missing     /usr/bin/kubelet`. */
export function readOtherwise(text: string): Otherwise {
  const all = [...text.matchAll(/^(missing|\S{2}5\S*) +(?:([a-z]) )?(\/.*)$/gm)];
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
