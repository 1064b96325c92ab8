import { SALT_CALL, saltPaths } from './paths.ts';

/**
 * Parts of a node's state, in the order in which they are brought about. Where one ends, what is not Salt's has to be done before the next:
 * keys are made and images loaded before `kubelet`, the registry has to answer before `manifests`. Each is a file in
 * templates/salt/metalk8s/phases.
 */
export const saltPhases = ['prepare', 'kubelet', 'manifests'] as const;
export type SaltPhase = (typeof saltPhases)[number];

/** A phase as states are named in Salt. */
export function phaseState(phase: SaltPhase): string {
  return `metalk8s.phases.${phase}`;
}

/**
 * The environment of a run, see resolv.conf(5): whatever /etc/hosts has not is found nowhere, and no name server is asked. Salt looks for the
 * host's own name and addresses of both families each time it starts, and does nothing with the answer; where a name server does not
 * answer, that is ten seconds and more.
 */
export const SALT_ENVIRONMENT = { RES_OPTIONS: 'attempts:0' } as const;

/**
 * Program and arguments of one masterless run, which is given `SALT_ENVIRONMENT`. It prints what `readStateReturn` reads and exits other than 0 when a state failed.
 * `test`: nothing is changed, and what would be is told.
 */
export function saltCommand(phase: SaltPhase, { test = false } = {}): readonly [string, ...string[]] {
  return [
    SALT_CALL,
    `--config-dir=${saltPaths.configuration}`,
    '--local',
    '--retcode-passthrough',
    '--log-level=warning',
    '--out=json',
    '--out-indent=-1',
    'state.apply',
    phaseState(phase),
    ...(test ? ['test=True'] : []),
  ];
}
