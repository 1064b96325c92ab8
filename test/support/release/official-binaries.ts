import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ComponentRecipe } from './component.ts';
import { programVersion } from './program-version.ts';

/**
 * The folder `<component>/<version>/` of a directory of official binaries, or undefined when there is no such folder
 * or no directory was given. Throws when a program in it is missing, not executable, or says another version: a
 * half-filled folder is a mistake, and building instead would hide it.
 */
export async function officialBinaries(recipe: ComponentRecipe, root: string | undefined): Promise<string | undefined> {
  if (!root) return undefined;
  const directory = join(root, recipe.name, recipe.version);
  const info = await stat(directory).catch(() => undefined);
  if (!info?.isDirectory()) return undefined;
  for (const program of recipe.programs) {
    const path = join(directory, program.file);
    try {
      await access(path, constants.X_OK);
    } catch {
      throw new Error(`${path}: missing or not executable; put the official program there or remove ${directory}`);
    }
    const said = await programVersion(directory, program);
    if (said !== undefined && !said.includes(program.says)) {
      throw new Error(`${path}: says "${said}" and not ${program.says}; put the program of ${recipe.version} there`);
    }
  }
  return directory;
}
