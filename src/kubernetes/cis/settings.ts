import { argumentOf } from './arguments.ts';
import type { CisCheck, CisSubject } from './check.ts';

/** A setting of a program that has a configuration file: an argument of the same meaning overrides it. */
export interface SettingAsked {
  readonly program: 'kubelet' | 'kube-proxy';
  readonly argument: string;
  /** Names of fields, the outer first. */
  readonly field: readonly string[];
  readonly what: string;
  /** Gets the value as text, undefined when it is nowhere. */
  readonly holds: (value: string | undefined) => boolean;
}

export function settingCheck(id: string, { program, argument, field, what, holds }: SettingAsked): CisCheck {
  return {
    id,
    what: `${program}: ${field.join('.')} ${what}`,
    on: 'every node',
    reads: [],
    probe(subject) {
      const configuration = program === 'kubelet' ? subject.kubelet : subject.kubeProxy;
      if (configuration === undefined) return { passed: false, found: `the configuration of ${program} is not known` };
      const value = argumentOf(subject.commands[program] ?? [], argument) ?? valueAt(configuration, field);
      return { passed: holds(value), found: `${field.join('.')} ${value ?? 'left at its default'}` };
    },
  };
}

function valueAt(configuration: NonNullable<CisSubject['kubelet']>, field: readonly string[]): string | undefined {
  const value = field.reduce<unknown>((object, name) => {
    return typeof object === 'object' && object !== null ? (object as Record<string, unknown>)[name] : undefined;
  }, configuration);
  return value === undefined ? undefined : String(value);
}
