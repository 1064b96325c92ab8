import type { ComponentRecipe } from '../component.ts';
import { goPrograms } from '../go-programs.ts';

/** The version of cri-tools that goes with the newest Kubernetes of a release; the program is ours, on top of upstream's CRI interface. */
const VERSION = '1.36.0';
const FOLDER = `cri-tools/${VERSION}`;

/** crictl, with the commands that look and none that change anything. */
export function criTools(): ComponentRecipe {
  return goPrograms({
    name: 'cri-tools',
    version: VERSION,
    module: FOLDER,
    sources: ['go.mod', 'go.sum', 'main.go'],
    programs: [
      {
        file: 'crictl',
        package: 'metalk8s.test/release/cri-tools',
        versionArguments: ['--version'],
        says: `crictl version v${VERSION}`,
      },
    ],
    variables: { 'main.version': VERSION },
    usualSeconds: 20,
  });
}
