import { chmod, copyFile, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { cached, hashFiles, type Report } from '../../cache.ts';
import { expandSources, type FileEntry, modeOf } from '../file-source.ts';
import { sourcesInput } from '../inputs.ts';
import { RELEASE_TIME } from '../release-time.ts';
import { signingKey, withSigner } from '../signing-key.ts';
import { NATIVE_ARCHITECTURE, type RpmPackage, rpmFileName } from './package.ts';
import { renderSpec } from './render-spec.ts';

/** Fast to pack, and readable by the rpm of Enterprise Linux 8 and later. */
const COMPRESSION = 'w3.zstdio';

/** The path of a package's signed RPM file, made when the test cache has it not. Throws with rpmbuild's words. */
export async function buildRpm(rpm: RpmPackage, report: Report): Promise<string> {
  const { fingerprint } = await signingKey(report);
  const inputs = {
    spec: renderSpec(rpm),
    files: await sourcesInput(rpm.files),
    fingerprint,
    architecture: rpm.architecture,
    maker: await hashFiles([import.meta.filename, join(import.meta.dirname, '../file-source.ts')]),
  };
  const make = (directory: string) => makeRpm(rpm, { directory, report });
  return join(await cached({ name: `rpm-${rpm.name}`, inputs, make }, report), rpmFileName(rpm));
}

interface Making {
  readonly directory: string;
  readonly report: Report;
}

async function makeRpm(rpm: RpmPackage, { directory, report }: Making): Promise<void> {
  const started = Date.now();
  const work = join(directory, 'work');
  const root = join(work, 'root');
  await mkdir(root, { recursive: true });
  for (const entry of await expandSources(rpm.files)) await place(entry, root);
  const spec = join(work, `${rpm.name}.spec`);
  await writeFile(spec, renderSpec(rpm));
  const target = rpm.architecture === 'noarch' ? NATIVE_ARCHITECTURE : rpm.architecture;
  const options = ['-bb', '--quiet', '--target', target, '--buildroot', root, ...defines(work)];
  const env = { SOURCE_DATE_EPOCH: String(RELEASE_TIME), LC_ALL: 'C.UTF-8' };
  await execa('rpmbuild', [...options, spec], { env, stdin: 'ignore' });
  const built = join(work, rpmFileName(rpm));
  await signRpm(built, report);
  await rename(built, join(directory, rpmFileName(rpm)));
  await rm(work, { recursive: true });
  report(`packed ${rpmFileName(rpm)} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

function defines(work: string): string[] {
  const macros = {
    _topdir: work,
    _rpmdir: work,
    _rpmfilename: '%%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm',
    _binary_payload: COMPRESSION,
    _build_id_links: 'none',
    _buildhost: 'release.metalk8s.test',
    _docdir_fmt: '%{nil}',
    _use_internal_dependency_generator: '1',
    clamp_mtime_to_source_date_epoch: '1',
    use_source_date_epoch_as_buildtime: '1',
    debug_package: '%{nil}',
    dist: '%{nil}',
    // The build root is filled already: rpmbuild neither empties it before %install nor works on it afterwards.
    __spec_install_pre: '%{___build_pre}',
    __os_install_post: '%{nil}',
  };
  return Object.entries(macros).flatMap(([name, value]) => ['--define', `${name} ${value}`]);
}

async function signRpm(path: string, report: Report): Promise<void> {
  await withSigner(report, async ({ fingerprint, env, gpgArguments }) => {
    const macros = {
      __gpg: '/usr/bin/gpg',
      _gpg_name: fingerprint,
      _gpg_sign_cmd_extra_args: gpgArguments.join(' '),
    };
    const options = Object.entries(macros).flatMap(([name, value]) => ['--define', `${name} ${value}`]);
    await execa('rpmsign', ['--addsign', ...options, path], { env, stdin: 'ignore' });
  });
}

async function place(entry: FileEntry, root: string): Promise<void> {
  const path = join(root, entry.path);
  await mkdir(dirname(path), { recursive: true });
  if (entry.kind === 'link') return symlink(entry.target, path);
  if (entry.kind === 'folder') await mkdir(path, { recursive: true });
  else if (entry.kind === 'text') await writeFile(path, entry.content);
  else await copyFile(entry.source, path);
  const mode = modeOf(entry);
  if (mode !== undefined) await chmod(path, mode);
}
