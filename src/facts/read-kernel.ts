import { inGroups } from './answers.ts';
import { moduleOptions } from './module-options.ts';
import type { KernelFacts } from './observed-host.ts';

/**
 * Of each module: its name, whether it is in /proc/modules, whether it is in /sys/module, and what modprobe would do. `options`: the lines of
 * the kernel's configuration.
 */
export function readModules(fields: readonly string[], options: string | null): KernelFacts['modules'] {
  const configured = optionsOf(options ?? '');
  const isBuiltIn = (module: string) => moduleOptions(module).some((name) => configured.get(name) === 'y');
  return Object.fromEntries(
    inGroups(fields, 4).map(([name = '', loaded, present, dependencies = '']) => {
      if (loaded === '1') return [name, 'loaded'];
      if (present === '1' || /^builtin /m.test(dependencies)) return [name, 'built-in'];
      if (/^insmod /m.test(dependencies)) return [name, 'loadable'];
      return [name, isBuiltIn(name) ? 'built-in' : 'missing'];
    }),
  );
}

/** Of each kernel setting that there is: its path below /proc/sys, and its value. Those that were asked about and are missing are null. */
export function readSettings(asked: readonly string[], fields: readonly string[]): KernelFacts['settings'] {
  const values = new Map(inGroups(fields, 2).map(([path = '', value = '']) => [path.replaceAll('/', '.'), value]));
  return Object.fromEntries(asked.map((name) => [name, values.get(name)?.trim().replace(/\s+/g, ' ') ?? null]));
}

/** Of the lines of a kernel's configuration, those that were asked about; what is not set has no line. */
export function readKernelConfiguration(asked: readonly string[], text: string | null): KernelFacts['configuration'] {
  if (text === null) return null;
  const values = optionsOf(text);
  return Object.fromEntries(asked.map((name) => [name, values.get(name) ?? 'n']));
}

/** Reads /proc/filesystems. */
export function readKernelFileSystems(text: string): readonly string[] {
  return [...text.matchAll(/^(?:nodev)?\t(\S+)$/gm)].map(([, name = '']) => name);
}

/** A number or a text is a value too: such an option is in the kernel. */
function optionsOf(text: string): ReadonlyMap<string, 'y' | 'm'> {
  const lines = [...text.matchAll(/^CONFIG_(\w+)=(\S+)$/gm)];
  return new Map(lines.map(([, name = '', value]) => [name, value === 'm' ? 'm' : 'y']));
}
