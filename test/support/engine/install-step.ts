import type { StepOf } from '../../../src/engine/step-handler.ts';

/** The package that it installs, in the version of the archive. */
export const SALT = 'salt-minion-0:3008.3-0.x86_64';

/** The step that installs Salt, by a command that ends before the names. */
export function installStep(...command: readonly [string, ...string[]]): StepOf<'install-packages'> {
  return {
    id: 'install',
    host: 'node-1',
    kind: 'install-packages',
    title: '',
    reason: '',
    disrupts: null,
    repository: 'metalk8s-136.0.0',
    packages: [SALT],
    anyVersion: [],
    command,
  };
}
