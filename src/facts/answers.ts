/** What a host answered to `templates/facts/observe.sh`. */
export interface Answers {
  /** What a question's command printed; null when there is no such command, or it failed. */
  text(name: string): string | null;
  /** The same as fields that each end with NUL. */
  fields(name: string): readonly string[];
}

const LINE = /^([a-z0-9-]+) ([A-Za-z0-9+/]*={0,2}) (\d{1,3})$/;

/** Reads the answers of a host; undefined when they are not whole. */
export function readAnswers(output: string): Answers | undefined {
  const lines = output.split('\n');
  if (lines.pop() !== '' || lines.pop() !== 'end') return undefined;
  const answers = new Map<string, string | null>();
  for (const line of lines) {
    const [, name, encoded, status] = LINE.exec(line) ?? [];
    if (name === undefined || encoded === undefined || answers.has(name)) return undefined;
    answers.set(name, status === '0' ? Buffer.from(encoded, 'base64').toString('utf8') : null);
  }
  const text = (name: string) => answers.get(name) ?? null;
  return {
    text,
    fields: (name) => (text(name) ?? '').split('\0').slice(0, -1),
  };
}

/** The fields in groups of so many; what is left over at the end is no group. */
export function inGroups(fields: readonly string[], size: number): readonly (readonly string[])[] {
  const groups: string[][] = [];
  for (let start = 0; start + size <= fields.length; start += size) groups.push(fields.slice(start, start + size));
  return groups;
}
