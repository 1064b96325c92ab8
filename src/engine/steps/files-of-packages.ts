import type { Host } from '../../hosts/host.ts';
import { MEND_DATABASE } from '../rpm-database.ts';
import { runChecked } from '../run-checked.ts';

interface PackagedFile {
  /** `NAME-EPOCH:VERSION-RELEASE.ARCH` */
  readonly name: string;
  readonly path: string;
}

const FORMAT = '[%{=NAME}-%{=EPOCHNUM}:%{=VERSION}-%{=RELEASE}.%{=ARCH} %{FILENAMES}\\n]';

/** What packages on a host have. `wanted`: how rpm is told which: `--all`, or `--` and their names. */
export async function filesOfPackages(host: Host, wanted: readonly string[]): Promise<readonly PackagedFile[]> {
  const { stdout } = await runChecked(host, ['rpm', '--query', `--queryformat=${FORMAT}`, ...wanted], {
    message: 'RPM cannot tell which files packages have',
    hint: MEND_DATABASE,
  });
  return [...stdout.matchAll(/^(\S+) (\/.*)$/gm)].map(([, name = '', path = '']) => ({ name, path }));
}
