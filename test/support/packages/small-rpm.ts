import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { cached } from '../cache.ts';

/** A package for tests of dependencies: one small file, and whatever relations it is to have. */
export interface SmallPackage {
  readonly name: string;
  /** `1.0` when not given. */
  readonly version?: string;
  readonly epoch?: number;
  /** Lines of a spec file: `Requires: (a if b)`, `Recommends: c`. */
  readonly relations?: readonly string[];
  /** Whether it has a configuration, `/etc/NAME.conf`, that stays as its owner has it. */
  readonly isConfigured?: boolean;
  /** Runs before it is installed, where scripts run at all. */
  readonly script?: string;
}

/** The path of its RPM file, not signed, in the test cache. Nobody may write to it. */
export async function smallRpm(wanted: SmallPackage, report: (line: string) => void): Promise<string> {
  const spec = specOf(wanted);
  const make = async (directory: string) => {
    const work = join(directory, 'work');
    await mkdir(work);
    await writeFile(join(work, 'small.spec'), spec);
    const macros = { _topdir: work, _rpmdir: work, _buildhost: 'small.test', _build_id_links: 'none', dist: '%{nil}' };
    const defines = Object.entries(macros).flatMap(([name, value]) => ['--define', `${name} ${value}`]);
    await execa('rpmbuild', ['-bb', '--quiet', '--target', 'noarch', ...defines, join(work, 'small.spec')], {
      env: { SOURCE_DATE_EPOCH: '1767225600', LC_ALL: 'C.UTF-8' },
      stdin: 'ignore',
    });
    const [built = ''] = await readdir(join(work, 'noarch'));
    await rename(join(work, 'noarch', built), join(directory, built));
    await rm(work, { recursive: true });
  };
  const directory = await cached({ name: 'small-rpm', inputs: [spec], make }, report);
  const [name = ''] = await readdir(directory);
  return join(directory, name);
}

function specOf({ name, version = '1.0', epoch, relations = [], isConfigured = false, script }: SmallPackage): string {
  const file = `/usr/share/small/${name}`;
  const configuration = `/etc/${name}.conf`;
  return `Name: ${name}
Version: ${version}
Release: 1
${epoch === undefined ? '' : `Epoch: ${epoch}\n`}Summary: A small package
License: Apache-2.0
BuildArch: noarch
AutoReqProv: no
${relations.join('\n')}
%define use_source_date_epoch_as_buildtime 1
%define clamp_mtime_to_source_date_epoch 1

%description
It is small.

%install
mkdir -p %{buildroot}/usr/share/small
echo ${version} > %{buildroot}${file}
${isConfigured ? `mkdir -p %{buildroot}/etc\necho 'of the package' > %{buildroot}${configuration}\n` : ''}${script === undefined ? '' : `\n%pre\n${script}\n`}
%files
${file}
${isConfigured ? `%config(noreplace) ${configuration}\n` : ''}`;
}
