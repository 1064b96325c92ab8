/** The kernel writes spaces, tabs, line breaks and backslashes of paths as `\040` in its tables. */
export function unescapeOctal(text: string): string {
  return text.replace(/\\([0-3][0-7]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
