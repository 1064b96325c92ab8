import { completeReference, namesRegistry } from './complete-reference.ts';
import type { NamedImage } from './named-image.ts';

/** Host, name, and a tag or digest, where it is no part of an address or a path. Its parts are judged afterwards. */
const REFERENCE =
  /(?<![\w./:@%-])[a-z0-9](?:[a-z0-9.-]*)(?::\d{1,5})?(?:\/[a-z0-9][a-z0-9._-]*)+(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?(?![\w/@-])/g;

/** What stands after `image:`, tag or not. */
const AFTER_KEY = /\bimage\s*[:=]\s*["']?([^\s"'{}$]+)(?=["'\s,]|$)/g;

/**
 * The images that a text names, whatever its language: references in full with a tag or digest, and what stands after `image:`.
 * Comments of Jinja and lines that begin with `#` name nothing.
 */
export function findTextImages(text: string, file: string): NamedImage[] {
  const bare = withoutComments(text);
  return bare.split('\n').flatMap((line, index) => {
    if (/^\s*#/.test(line)) return [];
    return [...new Set(referencesIn(line))].map((reference) => ({ reference, file, by: `line ${index + 1}` }));
  });
}

/** Comments of Jinja become as many empty lines. One that nobody ends is none. */
function withoutComments(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (;;) {
    const start = text.indexOf('{#', from);
    const end = start < 0 ? -1 : text.indexOf('#}', start + 2);
    if (end < 0) return parts.join('') + text.slice(from);
    parts.push(text.slice(from, start), text.slice(start, end).replace(/[^\n]/g, ''));
    from = end + 2;
  }
}

/** The references in full that a piece of text names. */
export function referencesIn(text: string): string[] {
  const inFull = [...text.matchAll(REFERENCE)].map(([found]) => found).filter(isTagged);
  const afterKey = [...text.matchAll(AFTER_KEY)].map(([, found = '']) => found).filter(namesRegistry);
  return [...inFull, ...afterKey].flatMap((found) => completeReference(found) ?? []);
}

function isTagged(found: string): boolean {
  return namesRegistry(found) && /:[^/]*$|@/.test(found.slice(found.indexOf('/')));
}
