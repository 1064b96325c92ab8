import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { parse, stringify } from 'yaml';
import { type BuildGround, buildGround } from '../build/build-ground.ts';
import { cached, hashFiles, type Report } from '../cache.ts';
import { withSigner } from '../release/signing-key.ts';
import { SHIPPED_LIST } from '../release-mirrors.ts';
import { imageNamed } from './disc-of-release.ts';

/** A disc as operators get it: one signed ISO that our own `build-iso` has written. Paths are absolute, and not to be written to. */
export interface BootstrapDisc {
  readonly image: string;
  /** The public key that its signature is checked by, which comes another way than the disc. */
  readonly key: string;
  /** An image with a shell, wget, nslookup and httpd, which no component of ours needs: it is on the disc for the users of the site. */
  readonly toolsImage: string;
}

/** Discs are large, and every change of the program makes another. */
const DISCS_KEPT = 3;
const IMAGE = 'metalk8s.iso';

/**
 * Makes the disc of the list that ships, with one component for the users of the site added, from test content and the sources as they
 * are now; or finds it in the test cache. About a second when nothing has changed, three when the program has, half a minute when the
 * release has. Throws with the last lines of the build when that fails.
 */
export async function makeDisc(report: Report): Promise<BootstrapDisc> {
  const ground = await buildGround(report);
  try {
    const { release } = ground;
    const toolsImage = imageNamed(release, 'docker.io/library/busybox:');
    const directory = await cached(
      {
        name: 'bootstrap-disc',
        inputs: [await installationHash(ground), basename(release.directory), release.key.fingerprint, toolsImage],
        keep: DISCS_KEPT,
        make: (empty) => buildDisc(ground, { toolsImage, output: join(empty, IMAGE), report }),
      },
      report,
    );
    return { image: join(directory, IMAGE), key: release.key.armoured, toolsImage };
  } finally {
    await ground.close();
  }
}

/** What is installed, and the runtime that comes with it. */
async function installationHash({ installation }: BuildGround): Promise<string> {
  const entries = await readdir(installation, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return hashFiles([...files.sort(), process.execPath]);
}

interface DiscRequest {
  readonly toolsImage: string;
  readonly output: string;
  readonly report: Report;
}

async function buildDisc(ground: BuildGround, { toolsImage, output, report }: DiscRequest): Promise<void> {
  const list = join(ground.directory, 'release.yaml');
  const shipped = parse(await readFile(SHIPPED_LIST, 'utf8'));
  const components = [...shipped.components, { name: 'tools', images: [toolsImage] }];
  await writeFile(list, stringify({ ...shipped, components }, { aliasDuplicateObjects: false }));
  const options = ['--release', list, '--mirrors', ground.mirrors, '--cache-dir', ground.cache, '--output', output];
  await withSigner(report, async ({ env, fingerprint }) => {
    const args = [ground.program, 'build-iso', ...options, '--signing-key', fingerprint];
    const building = execa(process.execPath, args, { env, stdin: 'ignore', stdout: 'ignore' });
    for await (const line of building.iterable({ from: 'stderr' })) report(line);
    await building;
  });
}
