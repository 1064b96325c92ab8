import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

const root = resolve(import.meta.dirname, '../..');

/** Sources of a small tree, by path, and what the project's own checks print about it. */
export type Sources = Readonly<Record<string, string>>;

/**
 * Runs the project's arrow check, with the project's own configuration, over a tree that holds just these sources.
 * Returns one `RULE: FROM → TO` line for each broken rule.
 */
export async function arrowViolations(sources: Sources): Promise<string[]> {
  return inTree(sources, ['.dependency-cruiser.mjs'], async (directory) => {
    const { stdout } = await execa(
      'depcruise',
      ['--output-type', 'json', '--config', '.dependency-cruiser.mjs', 'src'],
      {
        cwd: directory,
        preferLocal: true,
        localDir: root,
        reject: false,
      },
    );
    const { summary } = JSON.parse(stdout) as { summary: { violations: Violation[] } };
    return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
  });
}

/** Runs the project's linter likewise; returns its report. */
export async function lintReport(sources: Sources): Promise<string> {
  return inTree(sources, ['biome.json', 'scripts/lint'], async (directory) => {
    const { all } = await execa('biome', ['lint', '--vcs-enabled=false', '--colors=off', 'src'], {
      cwd: directory,
      preferLocal: true,
      localDir: root,
      reject: false,
      all: true,
    });
    return all;
  });
}

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
  readonly to: string;
}

async function inTree<Result>(
  sources: Sources,
  configuration: readonly string[],
  use: (directory: string) => Promise<Result>,
): Promise<Result> {
  return inTemporaryDirectory(async (directory) => {
    for (const path of configuration) await cp(join(root, path), join(directory, path), { recursive: true });
    await symlink(join(root, 'node_modules'), join(directory, 'node_modules'));
    for (const path of ['package.json', 'tsconfig.json']) await cp(join(root, path), join(directory, path));
    for (const [path, text] of Object.entries(sources)) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), text);
    }
    return use(directory);
  });
}
