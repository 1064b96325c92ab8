import { cached, type Report } from '../cache.ts';
import { inTurn } from './build-turns.ts';
import type { BinaryComponent, ComponentRecipe } from './component.ts';
import { officialBinaries } from './official-binaries.ts';
import { recipeFor } from './recipes.ts';

/**
 * The directory with the programs of one component at its top (a tree for `salt`), which callers only read.
 *
 * Built from the Go module proxy (Salt: from PyPI and Debian) when the test cache has it not yet. Where the environment
 * variable `METALK8S_TEST_BINARIES` names a directory, a folder `<component>/<version>/` in it that has all programs is
 * returned instead, after each program has said that it is of that version.
 * Throws for a version without committed go.mod and go.sum, and when a registry or a compiler fails, with its words.
 */
export async function binaries(component: BinaryComponent, report: Report): Promise<string> {
  const recipe = recipeFor(component);
  const official = await officialBinaries(recipe, process.env.METALK8S_TEST_BINARIES);
  if (official) return official;
  const inputs = await recipe.inputs(report);
  return cached(
    {
      name: `binaries-${recipe.name}`,
      inputs,
      make: (directory) => inTurn(recipe.turn, () => build(recipe, directory, report)),
    },
    report,
  );
}

async function build(recipe: ComponentRecipe, directory: string, report: Report): Promise<void> {
  const what = `${recipe.name} ${recipe.version}`;
  report(`building ${what} (usually ${recipe.usualSeconds} s)`);
  const started = Date.now();
  await recipe.make(directory, report);
  report(`built ${what} in ${Math.round((Date.now() - started) / 1000)} s`);
}
