/*
 * A URL may hold a password, also in the wrong place, so no message may show any of one that was not understood.
 */

/** A text as URL; undefined for one without a scheme and a host, or with white space, control characters or backslashes. */
export function parseUrl(text: string): URL | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^\s\p{Cc}\\]+$/iu.test(text)) return undefined;
  return URL.parse(text) ?? undefined;
}

/** Whether a user name or password stands in it, or may stand in it. */
export function hasCredentials(text: string, url: URL): boolean {
  return url.username !== '' || url.password !== '' || text.includes('@');
}
