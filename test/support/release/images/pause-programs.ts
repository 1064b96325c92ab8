import { join } from 'node:path';
import { execa } from 'execa';
import { cached, hashFiles, type Report } from '../../cache.ts';
import { binaries } from '../binaries.ts';
import { GO_MODULES } from '../go-programs.ts';
import { recipeFor } from '../recipes.ts';
import { goToolchain } from '../toolchain.ts';
import type { AddonDirectories } from './catalogue/kubeadm-addons.ts';
import { type ImageArchitecture, NATIVE_ARCHITECTURE } from './image.ts';

/** pause for this machine's processor and for the other one that Kubernetes' images commonly have. */
export async function pausePrograms(report: Report): Promise<AddonDirectories['pause']> {
  const other = NATIVE_ARCHITECTURE === 'amd64' ? 'arm64' : 'amd64';
  const [native, foreign] = await Promise.all([binaries({ name: 'pause' }, report), crossCompiled(other, report)]);
  const all = [
    { architecture: NATIVE_ARCHITECTURE, directory: native },
    { architecture: other, directory: foreign },
  ] as const;
  return all.toSorted((left, right) => left.architecture.localeCompare(right.architecture));
}

async function crossCompiled(architecture: ImageArchitecture, report: Report): Promise<string> {
  const module = join(GO_MODULES, 'pause');
  const { go, env, version } = await goToolchain(report);
  const linker = `-s -w -buildid= -X=main.version=${recipeFor({ name: 'pause' }).version}`;
  const flags = ['-mod=readonly', '-trimpath', '-buildvcs=false', `-ldflags=${linker}`];
  const target = { CGO_ENABLED: '0', GOOS: 'linux', GOARCH: architecture, GOFLAGS: '', GOWORK: 'off' };
  const pinned = await hashFiles([join(module, 'go.mod'), join(module, 'main.go')]);
  const make = async (directory: string) => {
    report(`compiling pause for ${architecture} (usually 20 s)`);
    const options = { cwd: module, env: { ...env, ...target }, stdin: 'ignore' } as const;
    await execa(
      'setpriv',
      ['--pdeathsig', 'KILL', '--', go, 'build', '-o', `${directory}/pause`, ...flags, '.'],
      options,
    );
  };
  return cached({ name: 'pause-cross', inputs: { pinned, go: version, flags, target }, make }, report);
}
