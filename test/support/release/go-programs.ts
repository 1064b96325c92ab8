import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { ExecaError, execa } from 'execa';
import { hashFiles, type Report } from '../cache.ts';
import type { ComponentRecipe, Program } from './component.ts';
import { goToolchain } from './toolchain.ts';

/** A program and the main package it is built from. */
export interface GoProgram extends Program {
  readonly package: string;
}

/** Programs built together out of one committed go.mod. */
export interface GoPrograms {
  readonly name: string;
  readonly version: string;
  /** Folder under go-modules/ with go.mod and go.sum, such as `etcd/3.6.8`. */
  readonly module: string;
  readonly programs: readonly GoProgram[];
  readonly tags?: readonly string[];
  /** Full names of string variables, and what the linker writes into them. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly usualSeconds: number;
  /** Files of the folder that everything built depends on; go.mod and go.sum unless it says otherwise. */
  readonly sources?: readonly string[];
  /** Adds to the finished directory; `sourceOf` gives the directory of a pinned module's source. */
  finish?(output: string, sourceOf: (modulePath: string) => Promise<string>): Promise<void>;
}

/** Folder of the committed modules that pin everything built from the Go module proxy. */
export const GO_MODULES = join(import.meta.dirname, 'go-modules');

/** Settings that decide about the bytes, whatever the user's own Go environment says; the registry stays the user's choice. */
const BUILD_ENV = {
  CGO_ENABLED: '0',
  GOFLAGS: '',
  GOWORK: 'off',
  GOOS: 'linux',
  GOEXPERIMENT: '',
  GOAMD64: 'v1',
  GOARM64: 'v8.0',
};

/** No part of the result: the compiler collects its garbage less often, which took a quarter off building the standard library. */
const COMPILER_ENV = { GOGC: '400' };

/** The recipe that builds static, stripped programs whose bytes depend on nothing but the pinned modules, the flags and the Go version. */
export function goPrograms(spec: GoPrograms): ComponentRecipe {
  const directory = join(GO_MODULES, spec.module);
  return {
    ...spec,
    turn: spec.module,
    async inputs(report) {
      const pinned = await pinnedHash(spec, directory);
      const { version } = await goToolchain(report);
      return buildInputs(spec, pinned, version);
    },
    make: (output, report) => compile({ spec, directory, output, report }),
  };
}

/** Everything that decides about the bytes of the programs, given the hash of the pinned sources and Go's version. */
export function buildInputs(spec: GoPrograms, pinned: string, go: string) {
  const files = spec.programs.map((program) => program.file);
  return { pinned, go, build: buildArguments(spec), files, env: BUILD_ENV, architecture: process.arch };
}

/** The arguments of `go` after `-o DIRECTORY/`. */
export function buildArguments(spec: Pick<GoPrograms, 'tags' | 'variables' | 'programs'>): readonly string[] {
  const linker = ['-s', '-w', '-buildid='];
  for (const [name, value] of Object.entries(spec.variables ?? {})) linker.push(`-X=${name}=${value}`);
  const flags = ['-mod=readonly', '-trimpath', '-buildvcs=false', `-ldflags=${linker.join(' ')}`];
  if (spec.tags?.length) flags.push(`-tags=${spec.tags.join(',')}`);
  return [...flags, ...spec.programs.map((program) => program.package)];
}

/** The file name `go build -o DIRECTORY/` gives to a package: the last element of its path that is not a major version. */
export function builtName(packagePath: string): string {
  const elements = packagePath.split('/').filter((element) => !/^v\d+$/.test(element));
  return elements.at(-1) ?? packagePath;
}

async function pinnedHash(spec: GoPrograms, directory: string): Promise<string> {
  const paths = (spec.sources ?? ['go.mod', 'go.sum']).map((file) => join(directory, file));
  try {
    return await hashFiles(paths);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const command = `node test/support/release/main.ts pin ${spec.module}`;
    throw new Error(`${spec.name} ${spec.version} is not pinned: run "${command}" and commit what it writes`);
  }
}

interface Compilation {
  readonly spec: GoPrograms;
  readonly directory: string;
  readonly output: string;
  readonly report: Report;
}

async function compile({ spec, directory, output, report }: Compilation): Promise<void> {
  const { go, env } = await goToolchain(report);
  // A compiler must not outlive a test run that was killed, hence setpriv.
  const command = ['--pdeathsig', 'KILL', '--', go, 'build', '-o', `${output}/`, ...buildArguments(spec)];
  const options = { cwd: directory, env: { ...env, ...BUILD_ENV, ...COMPILER_ENV }, stdin: 'ignore' } as const;
  try {
    await execa('setpriv', command, options);
  } catch (error) {
    const said = error instanceof ExecaError ? complaints(String(error.stderr)) || error.shortMessage : '';
    throw new Error(`${spec.name} ${spec.version} cannot be built in ${directory}: ${said}`, { cause: error });
  }
  for (const program of spec.programs) {
    const built = builtName(program.package);
    if (built !== program.file) await rename(join(output, built), join(output, program.file));
  }
  await spec.finish?.(output, async (path) => {
    const { stdout } = await execa(go, ['list', '-m', '-f', '{{.Dir}}', path], options);
    return stdout;
  });
}

/** What `go` says that is not progress. */
function complaints(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => !line.startsWith('go: downloading '));
  return lines.join('\n').trim();
}
