/** A kernel's release in parts that can be compared. */
export interface KernelRelease {
  /** The numbers before the first part that is none: 4, 18, 0, 193, 14, 2 of `4.18.0-193.14.2.el8_2.x86_64`. */
  readonly numbers: readonly number[];
  /** 7, 8… of Enterprise Linux; undefined for kernels of others. */
  readonly enterpriseLinux: number | undefined;
}

/** Undefined for what does not start with two numbers. */
export function readKernelRelease(text: string): KernelRelease | undefined {
  const parts = text.split(/[.-]/);
  const end = parts.findIndex((part) => !/^\d{1,9}$/.test(part));
  const numbers = parts.slice(0, end === -1 ? undefined : end).map(Number);
  if (numbers.length < 2) return undefined;
  const [, major] = /\.el(\d+)/.exec(text) ?? [];
  return { numbers, enterpriseLinux: major === undefined ? undefined : Number(major) };
}

/** Whether a kernel is older than these numbers say; numbers that it does not have are 0. */
export function isOlder({ numbers }: KernelRelease, than: readonly number[]): boolean {
  const at = than.findIndex((number, index) => (numbers[index] ?? 0) !== number);
  return at !== -1 && (numbers[at] ?? 0) < (than[at] ?? 0);
}
