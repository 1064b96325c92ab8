import { createHash } from 'node:crypto';
import { chmod, copyFile, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cliFiles } from '../../../src/build/contents/cli-files.ts';
import { launcherFile } from '../../../src/build/contents/launcher-file.ts';
import { runtimeFiles } from '../../../src/build/contents/runtime-files.ts';
import type { DiscFile } from '../../../src/disc/disc-file.ts';
import { discPaths } from '../../../src/disc/paths.ts';
import { renderSums } from '../../../src/disc/sums.ts';
import type { SignOptions, TestKey } from '../gpg-home.ts';

/** A folder with what a launcher needs of a disc, and a few files that it does not look at. */
export interface SmallDisc {
  readonly directory: string;
  readonly launcher: string;
}

export interface SmallDiscOptions {
  /** Signs it; left out, nothing does. */
  readonly key?: TestKey;
  /** A program in the place of the command line: what it does is what the test wants to know. */
  readonly program?: string;
  /** A program in the place of Node.js, for what has nothing to do with its 120 MB. */
  readonly runtime?: string;
}

/** What stands on each: the real runtime and command line of an installation. Read once, as every disc of a test has them. */
export async function discContents(installation: string): Promise<readonly DiscFile[]> {
  const [cli, { files }, launcher] = await Promise.all([
    cliFiles(installation),
    runtimeFiles(installation),
    launcherFile(installation),
  ]);
  return [
    ...cli,
    ...files,
    launcher,
    text('images/oci-layout', '{"imageLayoutVersion":"1.0.0"}'),
    text('docs/a b', ''),
  ];
}

/** Writes a disc into a folder, with its sums. The Node.js of `node`, a file on the same file system, is linked, not copied. */
export async function writeDisc(
  directory: string,
  contents: readonly DiscFile[],
  { key, program, runtime }: SmallDiscOptions,
): Promise<SmallDisc> {
  const sums = [];
  for (const file of withPrograms(contents, { [discPaths.cliEntry]: program, [discPaths.node]: runtime })) {
    const path = join(directory, file.path);
    await mkdir(dirname(path), { recursive: true });
    sums.push({ path: file.path, sha256: await writeContent(path, file) });
    await chmod(path, file.executable ? 0o555 : 0o444);
  }
  await writeFile(join(directory, discPaths.sums), renderSums(sums));
  if (key !== undefined) await signSums(directory, key);
  return { directory, launcher: join(directory, discPaths.launcher) };
}

/** Signs the sums of a disc as they are now. */
export async function signSums(directory: string, key: Pick<TestKey, 'sign'>, options?: SignOptions): Promise<void> {
  const sums = await readFile(join(directory, discPaths.sums));
  await writeFile(join(directory, discPaths.sumsSignature), await key.sign(sums, options));
}

/** Replaces a file of a disc, and leaves its sums as they are. */
export async function tamper(disc: SmallDisc, path: string, change: (content: Buffer) => Buffer): Promise<void> {
  const file = join(disc.directory, path);
  const content = change(await readFile(file));
  await rm(file);
  await writeFile(file, content);
}

/** The contents with the real Node.js copied into a folder once, from where each disc links it. */
export async function withLocalNode(contents: readonly DiscFile[], folder: string): Promise<readonly DiscFile[]> {
  const node = join(folder, 'node');
  return Promise.all(
    contents.map(async (file) => {
      if (!('file' in file.source)) return file;
      await copyFile(file.source.file, node);
      return { ...file, source: { ...file.source, file: node } };
    }),
  );
}

async function writeContent(path: string, { source }: DiscFile): Promise<string> {
  if ('file' in source) {
    await link(source.file, path);
    return source.sha256;
  }
  await writeFile(path, source.content);
  return createHash('sha256').update(source.content).digest('hex');
}

function withPrograms(
  contents: readonly DiscFile[],
  programs: Readonly<Record<string, string | undefined>>,
): readonly DiscFile[] {
  return contents.map((file) => {
    const program = programs[file.path];
    return program === undefined ? file : { ...file, source: { content: Buffer.from(program) } };
  });
}

function text(path: string, content: string): DiscFile {
  return { path, source: { content: Buffer.from(content) } };
}
