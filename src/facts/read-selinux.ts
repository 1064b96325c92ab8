import type { SecurityFacts } from './observed-host.ts';

/** Reads /sys/fs/selinux/enforce, or `disabled` of a system that has SELinux in its configuration alone. */
export function readSelinux(text: string | null): SecurityFacts['selinux'] {
  switch (text?.trim()) {
    case '1':
      return 'enforcing';
    case '0':
      return 'permissive';
    case 'disabled':
      return 'disabled';
    default:
      return null;
  }
}
