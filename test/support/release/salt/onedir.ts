import { copyFile, cp, mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { unpackDebianPackages } from '../debian-packages.ts';
import { pipInstall } from '../python.ts';

/** Where Salt lies below any root directory, as in upstream's packages. */
export const ONEDIR_ROOT = 'opt/saltstack/salt';

/** The commands that Salt has, each in `bin/`. */
export const SALT_COMMANDS = ['call', 'cp', 'key', 'master', 'minion', 'run', 'ssh'].map((verb) => `salt-${verb}`);

const PYTHON_PACKAGES = ['libpython3.11-minimal', 'libpython3.11-stdlib', 'python3.11-minimal'];
/** What Python's own modules and the wheels are linked with, besides the C library. */
const LIBRARY_PACKAGES = [
  'libbz2-1.0',
  'libcrypt1',
  'libexpat1',
  'libffi8',
  'libgcc-s1',
  'liblzma5',
  'libsqlite3-0',
  'libssl3',
  'libstdc++6',
  'libuuid1',
  'zlib1g',
];
const BUILD_PACKAGES = ['libpython3.11-dev', 'patchelf'];

/** The Debian packages that a tree is made with. */
export const ONEDIR_PACKAGES: readonly string[] = [...PYTHON_PACKAGES, ...LIBRARY_PACKAGES, ...BUILD_PACKAGES];

/** Modules of Python for terminals, NIS and old databases: their libraries are not worth their size here. */
const LEFT_OUT_MODULES = ['_curses', '_curses_panel', '_dbm', 'nis', 'readline'];
const LEFT_OUT_FOLDERS = ['ensurepip', 'idlelib', 'lib2to3', 'pydoc_data', 'test', 'venv'];

/** What a tree is made from, and the empty directory it is made in. */
export interface Onedir {
  readonly directory: string;
  readonly requirements: string;
  readonly buildRequirements: string;
}

/**
 * Makes the tree: Debian's Python 3.11 with the libraries it needs, found by a path relative to the program, and the
 * pinned packages, compiled so that hosts need not write where the package manager put files.
 */
export async function makeOnedir({ directory, requirements, buildRequirements }: Onedir): Promise<void> {
  const root = join(directory, ONEDIR_ROOT);
  const build = join(directory, 'build');
  await unpackDebianPackages(ONEDIR_PACKAGES, build);
  const library = await placePython(build, root);
  // The sources of timelib want Python's headers; they find pyconfig.h by a path below the include folder.
  const include = join(build, 'usr/include');
  const site = join(library, 'dist-packages');
  await pipInstall({
    requirements,
    buildRequirements,
    target: site,
    // Debug information would name the folder that pip happened to build in.
    env: { C_INCLUDE_PATH: `${include}/python3.11:${include}`, CFLAGS: '-g0', SOURCE_DATE_EPOCH: '0' },
  });
  await rm(build, { recursive: true });
  await dropTests(site);
  await placeCommands(root);
  await execa(join(root, 'bin/python3.11'), [
    '-I',
    '-m',
    'compileall',
    '-q',
    '-j',
    '2',
    '--invalidation-mode',
    'unchecked-hash',
    '-s',
    root,
    '-p',
    `/${ONEDIR_ROOT}`,
    library,
  ]);
}

/** Moves Python and its libraries out of unpacked packages, and returns the folder of its modules. */
async function placePython(build: string, root: string): Promise<string> {
  const library = join(root, 'lib/python3.11');
  await mkdir(join(root, 'bin'), { recursive: true });
  await mkdir(dirname(library), { recursive: true });
  const python = join(root, 'bin/python3.11');
  await rename(join(build, 'usr/bin/python3.11'), python);
  await rename(join(build, 'usr/lib/python3.11'), library);
  await symlink('python3.11', join(root, 'bin/python3'));
  // Debian's is a link into /etc, where no package of ours puts a file.
  await rm(join(library, 'sitecustomize.py'));
  await copyFile(join(import.meta.dirname, 'sitecustomize.py'), join(library, 'sitecustomize.py'));
  for (const folder of LEFT_OUT_FOLDERS) await rm(join(library, folder), { recursive: true, force: true });
  for (const file of await readdir(join(library, 'lib-dynload'))) {
    const module = file.split('.')[0] ?? '';
    if (LEFT_OUT_MODULES.includes(module)) await rm(join(library, 'lib-dynload', file));
  }
  const [triplet = ''] = await readdir(join(build, 'usr/lib')).then((names) => names.filter(isTriplet));
  for (const folder of [`lib/${triplet}`, `usr/lib/${triplet}`])
    await placeLibraries(join(build, folder), join(root, 'lib'));
  // An RPATH of the program holds for what its modules load, too; LD_LIBRARY_PATH would also reach the programs that Salt runs.
  await execa(join(build, 'usr/bin/patchelf'), ['--force-rpath', '--set-rpath', '$ORIGIN/../lib', python]);
  return library;
}

async function placeLibraries(source: string, target: string): Promise<void> {
  for (const name of await readdir(source)) {
    if (/\.so\.\d/.test(name)) await cp(join(source, name), join(target, name), { verbatimSymlinks: true });
  }
}

async function placeCommands(root: string): Promise<void> {
  const bin = join(root, 'bin');
  for (const command of SALT_COMMANDS) await copyFile(join(import.meta.dirname, 'command.py'), join(bin, command));
  await execa('chmod', ['755', ...SALT_COMMANDS.map((command) => join(bin, command))]);
  // Upstream's own place of the command that everybody calls.
  await symlink('bin/salt-call', join(root, 'salt-call'));
}

/** Removes the tests that packages bring along, and scripts that name the interpreter of the machine that built them. */
async function dropTests(site: string): Promise<void> {
  await rm(join(site, 'bin'), { recursive: true, force: true });
  for (const entry of await readdir(site, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory() && (entry.name === 'tests' || entry.name === 'test')) {
      await rm(join(entry.parentPath, entry.name), { recursive: true, force: true });
    }
  }
}

function isTriplet(name: string): boolean {
  return name.endsWith('-linux-gnu');
}
