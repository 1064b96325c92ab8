import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { cacheRoot, type Report } from '../cache.ts';
import { installInto } from '../product/installation.ts';
import { type TestRelease, testRelease } from '../release/release.ts';
import { writeMirrors } from '../release-mirrors.ts';

/** What a test needs to build the list that ships by the program as it is installed. Close it: its files go. */
export interface BuildGround {
  /** For files of the test. Other users may look into it. */
  readonly directory: string;
  readonly release: TestRelease;
  /** Folder of an installation of metalk8s, and its entry. */
  readonly installation: string;
  readonly program: string;
  /** For `--mirrors`. */
  readonly mirrors: string;
  /** For `--cache-dir`: it stays from one run of the tests to the next. */
  readonly cache: string;
  close(): Promise<void>;
}

/** Makes the ground: an installation from the sources as they are now, and the test release in the place of every upstream. */
export async function buildGround(report: Report): Promise<BuildGround> {
  const release = await testRelease({}, report);
  const directory = await mkdtemp(join(tmpdir(), 'mk8s-build-'));
  try {
    await execa('chmod', ['755', directory]);
    const installation = join(directory, 'installation');
    await mkdir(installation);
    await installInto(installation);
    const mirrors = join(directory, 'mirrors.yaml');
    await writeMirrors(release, mirrors);
    return {
      directory,
      release,
      installation,
      program: join(installation, 'bin/metalk8s.js'),
      mirrors,
      cache: join(cacheRoot(), 'build-iso'),
      close: () => rm(directory, { recursive: true, force: true }),
    };
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

/** A copy of a release that every user can read, in an empty place. Where the file system can, the copy shares its bytes. */
export async function readableCopy(release: TestRelease, directory: string): Promise<TestRelease> {
  const linked = await execa('cp', ['--archive', '--link', release.directory, directory], { reject: false });
  if (linked.failed) {
    await rm(directory, { recursive: true, force: true });
    await execa('cp', ['--archive', release.directory, directory]);
  }
  await execa('chmod', ['755', directory]);
  return JSON.parse(JSON.stringify(release).replaceAll(release.directory, directory)) as TestRelease;
}
