import type { ComponentRecipe } from '../component.ts';
import { goPrograms } from '../go-programs.ts';

/** The tag that kubeadm 1.36 asks for; the program is ours. */
const VERSION = '3.10.2';

/** The process that holds a pod's namespaces: reaps orphans, sleeps, and ends when told to. */
export function pause(): ComponentRecipe {
  return goPrograms({
    name: 'pause',
    version: VERSION,
    module: 'pause',
    sources: ['go.mod', 'main.go'],
    programs: [
      { file: 'pause', package: 'metalk8s.test/release/pause', versionArguments: ['-v'], says: `pause ${VERSION}` },
    ],
    variables: { 'main.version': VERSION },
    usualSeconds: 5,
  });
}
