import type { Format } from '../../documents/format.ts';
import { shown } from '../../documents/shown.ts';

/** What a format by regular expression is made of. */
interface Matching {
  readonly title: string;
  /** Without `^` and `$`. */
  readonly pattern: string;
  readonly example: string;
  /** Characters; more are refused. */
  readonly longest: number;
}

/** A format that is a regular expression. */
export function matching({ title, pattern, example, longest }: Matching): Format {
  const whole = `^${pattern}$`;
  const matcher = new RegExp(whole);
  return {
    title,
    pattern: whole,
    check: (text) =>
      matcher.test(text) && text.length <= longest ? undefined : `${shown(text)} is no ${title} such as ${example}`,
  };
}
