/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** In binary units, with as many digits as tell something. Never more than there is, so that what is there and what is needed are not told alike. */
export function sized(bytes: number): string {
  return inUnits(bytes, Math.floor);
}

/** The same for what is needed: never less. */
export function sizedUp(bytes: number): string {
  return inUnits(bytes, Math.ceil);
}

function inUnits(bytes: number, round: (amount: number) => number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const amount = bytes / 1024 ** power;
  const shown = amount < 10 && power > 0 ? (round(amount * 10) / 10).toFixed(1) : String(round(amount));
  return `${shown} ${units[power]}`;
}

/** `1 file`, `2 files`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
