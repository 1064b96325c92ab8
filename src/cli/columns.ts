/** A title with rows below it, indented; nothing when there are none. */
export function section(title: string, rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0
    ? []
    : [`${title}\n${columns(rows.map(([first = '', ...rest]) => [`  ${first}`, ...rest]))}`];
}

/** Columns as wide as their widest cell, sizes to the right. */
export function columns(rows: readonly (readonly string[])[]): string {
  const count = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (isSize(cell) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)));
  return rows.map((row) => `${line(row).join('  ').trimEnd()}\n`).join('');
}

function isSize(cell: string): boolean {
  return /^\d+(?:\.\d)? (?:[KMGT]i)?B$/.test(cell);
}
