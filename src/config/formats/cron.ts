/** One field of a schedule: its name and the values it takes. Day of week: 0 and 7 are Sunday. */
const fields = [
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day of month', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12 },
  { name: 'day of week', from: 0, to: 7 },
] as const;

type Field = (typeof fields)[number];

/** The numeric part of crontab(5): five fields of `*`, numbers, ranges, steps and lists. */
export function checkCron(text: string): string | undefined {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== fields.length) {
    return 'must be five fields: minute, hour, day of month, month, day of week, such as "0 2 * * *" for every day at 2:00';
  }
  const wrong = fields.find((field, index) => !isField(parts[index] ?? '', field));
  return wrong && `must have numbers from ${wrong.from} to ${wrong.to}, ranges, steps or "*" as its ${wrong.name}`;
}

function isField(text: string, field: Field): boolean {
  return text.split(',').every((item) => isItem(item, field));
}

function isItem(text: string, { from, to }: Field): boolean {
  const [, first, last, step] = /^(\*|[0-9]{1,2})(?:-([0-9]{1,2}))?(?:\/([0-9]{1,2}))?$/.exec(text) ?? [];
  if (first === undefined) return false;
  if (step !== undefined && (Number(step) < 1 || Number(step) > to)) return false;
  if (first === '*') return last === undefined;
  const start = Number(first);
  const end = Number(last ?? first);
  return start >= from && end <= to && start <= end;
}
