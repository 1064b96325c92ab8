/** Powers of 1024, as split(1) of coreutils takes these letters. */
const UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };
const SMALLEST = 2 ** 20;

/** Bytes of `4294967295`, `700M`, `4G`. Throws a RangeError that says what is wrong: no such number, or less than 1 MiB. */
export function parseSize(text: string): number {
  const [, digits = '', unit = ''] = /^(\d+)([KMGT]?)(?:iB)?$/i.exec(text.trim()) ?? [];
  const size = Number(digits) * (UNITS[unit.toUpperCase()] ?? Number.NaN);
  if (digits === '' || !Number.isSafeInteger(size))
    throw new RangeError(`${JSON.stringify(text)} is no size: write bytes, or a number with K, M, G or T`);
  if (size < SMALLEST) throw new RangeError(`${JSON.stringify(text)} is less than 1 MiB`);
  return size;
}
