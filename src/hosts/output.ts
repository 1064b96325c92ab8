/** Longest line, in characters, that is told as one. */
const LONGEST_LINE = 64 * 1024;

export interface Output {
  /** Takes bytes as they come. */
  add(bytes: Uint8Array): void;
  /** Tells a last line without an end, and gives the whole text. */
  end(): string;
}

/**
 * Gathers the output of a program as text, with U+FFFD for what is no UTF-8, and tells its lines as they come. Once there are more
 * characters than `limit`, none is kept and `overflow` is called.
 */
export function gatherOutput(
  limit: number,
  onLine: ((line: string) => void) | undefined,
  overflow: () => void,
): Output {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const parts: string[] = [];
  let size = 0;
  let rest = '';

  function take(text: string): void {
    size += text.length;
    if (size > limit) {
      parts.length = 0;
      overflow();
      return;
    }
    parts.push(text);
    if (onLine === undefined) return;
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line.replace(/\r$/, ''));
    if (rest.length <= LONGEST_LINE) return;
    onLine(rest);
    rest = '';
  }

  return {
    add: (bytes) => take(decoder.decode(bytes, { stream: true })),
    end() {
      take(decoder.decode());
      if (rest !== '') onLine?.(rest);
      rest = '';
      return parts.join('');
    },
  };
}
