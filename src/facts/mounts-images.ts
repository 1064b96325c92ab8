import type { KernelFacts } from './observed-host.ts';

/** What the kernel mounts a file with, and the file system of an ISO. */
export const imageModules = ['loop', 'isofs'] as const;

/** Whether the kernel mounts an ISO: both are in it, or can be loaded. */
export function mountsImages({ modules, fileSystems }: Pick<KernelFacts, 'modules' | 'fileSystems'>): boolean {
  const has = (module: string) => (modules[module] ?? 'missing') !== 'missing';
  return has('loop') && (has('isofs') || fileSystems.includes('iso9660'));
}
