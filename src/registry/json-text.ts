/**
 * JSON of printable ASCII without a dollar sign: everything else is escaped as `\uXXXX`. So it can stand in a configuration whose
 * reader knows variables, and nothing that an image's maker wrote in an annotation means anything on the way.
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^ -#%-~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
