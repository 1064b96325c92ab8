/** Shorter secrets are kept in their wrapper but not looked for in foreign text: every third word would be taken for one. */
const SHORTEST_SEARCHED = 4;

/** Lines of a secret that are shorter are not looked for on their own: they are names and headings, not key material. */
const SHORTEST_LINE = 16;

/**
 * All texts that would give a secret away: the value as it is, as it looks in JSON (of JavaScript, Go and Python, also
 * within a JSON string), in an URL, quoted for a shell, in base64 at any alignment, and each line of a long value by itself.
 */
export function secretForms(value: string): readonly string[] {
  const text = value.trim();
  if (text.length < SHORTEST_SEARCHED) return [];
  const forms = [text, ...longLines(text), ...json(text), ...url(text), ...shell(text), ...base64(text)];
  return [...new Set(forms)].filter((form) => form.length >= SHORTEST_SEARCHED);
}

/** The lines of a PEM file reach a log one by one. Its first and last line are the same in every file. */
function longLines(text: string): string[] {
  if (!text.includes('\n')) return [];
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.length >= SHORTEST_LINE && !/^-----.*-----$/.test(line));
}

function json(text: string): string[] {
  const inString = (string: string) => JSON.stringify(string).slice(1, -1);
  const once = inString(text);
  const go = once.replace(/[<>&]/g, escapeUnit);
  const python = once.replace(/[^\0-~]/g, escapeUnit);
  return [once, inString(once), go, inString(go), python, inString(python)];
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** `encodeURIComponent` leaves some marks alone that others escape; hexadecimal digits come in both cases. */
function url(text: string): string[] {
  const component = encodeURIComponent(text.toWellFormed());
  const strict = component.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams([['', text]]).toString().slice(1);
  const forms = [component, strict, strict.replaceAll('%20', '+'), form];
  return [...forms, ...forms.map((encoded) => encoded.replace(/%[0-9A-F]{2}/g, (unit) => unit.toLowerCase()))];
}

function shell(text: string): string[] {
  return [
    text.replaceAll("'", "'\\''"),
    text.replaceAll("'", `'"'"'`),
    text.replace(/[\\"$`]/g, '\\$&'),
    text.replace(/[^\w@%+=:,./-]/gu, '\\$&'),
  ];
}

/** Base64 of a longer text shows the secret at one of three alignments; only characters made of its bits alone are sure. */
function base64(text: string): string[] {
  const bytes = Buffer.from(text);
  const cores = [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    return encoded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
  });
  const standard = [bytes.toString('base64'), ...cores];
  return [...standard, ...standard.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}
