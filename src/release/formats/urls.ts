import type { Format } from '../../documents/format.ts';
import { hasCredentials, parseUrl } from '../../documents/parse-url.ts';

/** What addresses a field takes. */
interface Kind {
  readonly title: string;
  readonly scheme: 'https' | 'https?';
  /** How the path ends: with a slash, without, or either. */
  readonly end: 'folder' | 'file' | 'any';
}

const LONGEST = 2000;

/** A format of addresses. They are sent as they are written, so they must be in the one form that every client makes of them. */
export function urlFormat({ title, scheme, end }: Kind): Format {
  const schemes = scheme === 'https' ? ['https:'] : ['https:', 'http:'];
  const wanted = schemes.map((one) => `${one}//`).join(' or ');
  return {
    title,
    pattern: `^${scheme}://[^@\\s?#\\\\$]+${{ folder: '/', file: '[^/]', any: '' }[end]}$`,
    check(text) {
      const form = problemOfForm(text);
      if (form !== undefined) return form;
      const url = parseUrl(text);
      if (url === undefined || !schemes.includes(url.protocol)) return `must be a URL that starts with ${wanted}`;
      if (hasCredentials(text, url)) return 'must hold no user name or password, since no secret belongs in this file';
      if (url.search !== '' || url.hash !== '' || /[?#]/.test(text)) return 'must be a URL without query and fragment';
      if (end === 'folder' && !text.endsWith('/')) return 'must end with "/": it is the address of a folder';
      if (end === 'file' && url.href.endsWith('/')) return 'must be the address of a file: it must not end with "/"';
      if (url.href !== text) {
        return 'must be in its usual form: host in lower case, no default port, a path without "." and "..", no characters that need "%"';
      }
      return problemOfNames(text);
    },
  };
}

/** Names have to be the same for servers and for folders that stand for them. */
function problemOfNames(text: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    return 'must have "%" only before two hexadecimal digits of a character in UTF-8';
  }
  if (!/%(?:2f|5c)/i.test(text) && !/\p{Cc}/u.test(decoded)) return undefined;
  return 'must have no slashes or control characters written with "%"';
}

function problemOfForm(text: string): string | undefined {
  if (text.includes('$')) return 'must be written out: variables such as $basearch mean nothing here';
  return text.length > LONGEST ? `must have at most ${LONGEST} characters` : undefined;
}
