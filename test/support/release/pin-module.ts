import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Report } from '../cache.ts';
import { inheritedReplacements, languageOf, type ModuleVersion, type PinnedModule, renderGoMod } from './go-module.ts';
import { GO_MODULES } from './go-programs.ts';
import { type GoToolchain, goToolchain } from './toolchain.ts';

/** Go tells programs by `tool` lines from this version of go.mod on. */
const OLDEST_WITH_TOOLS = '1.24.0';

/** Writes go.mod and go.sum of a pinned module anew, from the module proxy, and returns its folder. */
export async function pinModule(module: PinnedModule, report: Report): Promise<string> {
  const toolchain = await goToolchain(report);
  const goMods = await Promise.all(module.requires.map((required) => goModOf(required, toolchain)));
  const languages = goMods.map(languageOf);
  const inherited = goMods.flatMap((goMod, index) =>
    inheritedReplacements(goMod, module.requires[index]?.version ?? ''),
  );
  const text = renderGoMod({
    module,
    go: languages.map(({ go }) => go).reduce(newer, OLDEST_WITH_TOOLS),
    godebug: languages.find(({ godebug }) => godebug)?.godebug,
    replacements: [...inherited, ...(module.replacements ?? [])],
  });
  const folder = join(GO_MODULES, module.folder);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'go.mod'), text);
  report(`resolving ${module.folder}`);
  await execa(toolchain.go, ['mod', 'tidy'], { cwd: folder, env: { ...toolchain.env, GOFLAGS: '', GOWORK: 'off' } });
  return folder;
}

async function goModOf(module: ModuleVersion, { go, env }: GoToolchain): Promise<string> {
  const name = `${module.path}@${module.version}`;
  const { stdout } = await execa(go, ['mod', 'download', '-json', name], { cwd: tmpdir(), env });
  const { GoMod } = JSON.parse(stdout) as { GoMod: string };
  return readFile(GoMod, 'utf8');
}

function newer(left: string, right: string): string {
  return left.localeCompare(right, 'en', { numeric: true }) >= 0 ? left : right;
}
