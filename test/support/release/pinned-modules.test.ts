import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GO_MODULES } from './go-programs.ts';
import { DEFAULT_KUBERNETES, kubernetesVersions, pinnedModules } from './pinned-modules.ts';

const modules = await pinnedModules();

describe.each(modules.map((module) => [module.folder, module] as const))('%s', (folder, module) => {
  test('go.mod requires what the recipe says, with all its programs', async () => {
    const goMod = await readFile(join(GO_MODULES, folder, 'go.mod'), 'utf8');
    const words = goMod.split('\n').map((line) => line.trim().split(' '));
    for (const { path, version } of module.requires) {
      expect(words).toContainEqual([path, version, ...(words.some(isIndirect(path)) ? ['//', 'indirect'] : [])]);
    }
    const tools = words.map((line) => line.at(-1));
    for (const path of module.packages) expect(tools).toContain(path);
  });

  test('go.sum knows the content of what is required', async () => {
    const goSum = await readFile(join(GO_MODULES, folder, 'go.sum'), 'utf8');
    for (const { path, version } of module.requires) expect(goSum).toContain(`${path} ${version} h1:`);
  });
});

test('the default Kubernetes is pinned', async () => {
  expect(await kubernetesVersions()).toContain(DEFAULT_KUBERNETES);
});

function isIndirect(path: string) {
  return (line: readonly string[]) => line[0] === path && line[3] === 'indirect';
}
