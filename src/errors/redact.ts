import { MASK } from './secret.ts';

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The text with every occurrence of a form masked. Occurrences that overlap are masked as one, so that no rest of either stays. */
export function redact(text: string, forms: readonly string[]): string {
  let clean = '';
  let from = 0;
  for (const { start, end } of spansOf(text, forms)) {
    clean += text.slice(from, start) + MASK;
    from = end;
  }
  return clean + text.slice(from);
}

/**
 * How much of the start of a text can be redacted now, when more text is still to come: what follows might be the
 * first part of a form, or belong to an occurrence that such a part would overlap.
 */
export function settledLength(text: string, forms: readonly string[]): number {
  const settled = Math.min(...forms.map((form) => startOfOpenForm(text, form)), text.length);
  const straddling = spansOf(text, forms).find(({ start, end }) => start < settled && settled < end);
  return straddling?.start ?? settled;
}

function startOfOpenForm(text: string, form: string): number {
  const first = form.charAt(0);
  let start = text.indexOf(first, Math.max(0, text.length - form.length + 1));
  while (start !== -1 && !form.startsWith(text.slice(start))) start = text.indexOf(first, start + 1);
  return start === -1 ? text.length : start;
}

function spansOf(text: string, forms: readonly string[]): Span[] {
  const spans: Span[] = [];
  for (const form of forms) {
    for (let start = text.indexOf(form); start !== -1; start = text.indexOf(form, start + 1)) {
      spans.push({ start, end: start + form.length });
    }
  }
  return joinOverlapping(spans.sort((left, right) => left.start - right.start));
}

function joinOverlapping(spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last === undefined || span.start >= last.end) joined.push(span);
    else joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
  }
  return joined;
}
