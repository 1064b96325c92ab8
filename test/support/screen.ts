/**
 * What a person sees in a terminal that was sent this text: all lines, those that scrolled off first, without blanks at their ends. Knows
 * the few sequences that a live list needs, and throws on any other, so that a surprise is not overlooked.
 */
export function screenOf(text: string, { rows, columns }: { readonly rows: number; readonly columns: number }): Screen {
  const lines: string[][] = [[]];
  let top = 0;
  let line = 0;
  let column = 0;
  let cursorShown = true;

  function put(character: string): void {
    if (column === columns) newline();
    (lines[line] as string[])[column] = character;
    column += 1;
  }

  function newline(): void {
    column = 0;
    line += 1;
    while (lines.length <= line) lines.push([]);
    top = Math.max(top, line - rows + 1);
  }

  function control(parameters: string, final: string): void {
    const count = Number(parameters || 1);
    if (final === 'A') line = Math.max(top, line - count);
    else if (final === 'B') line = Math.min(top + rows - 1, line + count);
    else if (final === 'G') column = count - 1;
    else if (final === 'K' && parameters === '2') lines[line] = [];
    else if (final === 'K' && parameters === '') (lines[line] as string[]).length = column;
    else if (final === 'm' || parameters === '?2026') return;
    else if (parameters === '?25') cursorShown = final === 'h';
    else throw new Error(`the screen does not know the sequence CSI ${parameters}${final}`);
    while (lines.length <= line) lines.push([]);
  }

  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal is made of them.
  for (const token of text.match(/\u001b\[[0-?]*[ -/]*[@-~]|./gsu) ?? []) {
    if (token.length > 1 && token.startsWith('\u001b')) control(token.slice(2, -1), token.slice(-1));
    else if (token === '\n') newline();
    else if (token === '\r') column = 0;
    else if (token < ' ' || token === '\u007f') throw new Error(`the screen does not know ${JSON.stringify(token)}`);
    else put(token);
  }
  return {
    lines: lines.map((cells) =>
      Array.from(cells, (cell) => cell ?? ' ')
        .join('')
        .trimEnd(),
    ),
    cursorShown,
  };
}

export interface Screen {
  readonly lines: readonly string[];
  readonly cursorShown: boolean;
}
