/** Reads a list of the kernel's, such as `0-3,8`, see /sys/devices/system/cpu: how many it names. The kubelet counts the same ones. */
export function readCpuCount(text: string): number {
  return text
    .trim()
    .split(',')
    .map((part) => {
      const [, first, last = first] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part) ?? [];
      return first === undefined ? 0 : Math.max(0, Number(last) - Number(first) + 1);
    })
    .reduce((sum, count) => sum + count, 0);
}

/** Reads the memory of /proc/meminfo in bytes, which the kubelet takes for the node's; 0: not told. */
export function readMemoryBytes(text: string): number {
  return Number(/^MemTotal:\s+(\d{1,12}) kB$/m.exec(text)?.[1] ?? 0) * 1024;
}

/** Reads milliseconds since 1970 from nanoseconds, as `date +%s%N` prints them; null: not told. */
export function readEpochMs(text: string): number | null {
  const [, milliseconds] = /^(\d{10,14})\d{6}\s*$/.exec(text) ?? [];
  return milliseconds === undefined ? null : Number(milliseconds);
}
