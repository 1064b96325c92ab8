import type { ObservedHost } from './observed-host.ts';

export interface CgroupTexts {
  /** What kind of file system /sys/fs/cgroup is, by `stat -f -c %T`. */
  readonly type: string | null;
  /** /proc/cgroups */
  readonly v1: string | null;
  /** /sys/fs/cgroup/cgroup.controllers */
  readonly v2: string | null;
}

/** Which version of control groups services live in. A host with both (`hybrid`) has its controllers in version 1. */
export function readCgroup({ type, v1, v2 }: CgroupTexts): ObservedHost['cgroup'] {
  if (type?.trim() === 'cgroup2fs')
    return { version: 2, controllers: (v2 ?? '').split(/\s+/).filter((name) => name !== '') };
  const rows = [...(v1 ?? '').matchAll(/^(\w+)\t\d+\t\d+\t1$/gm)];
  return { version: 1, controllers: rows.map(([, name = '']) => name) };
}
