/** A form that a text can have. */
export type Format = {
  /** What an entry is, for documentation. */
  readonly title: string;
  /** What is wrong with the text, as the end of a sentence that starts with the field's path; undefined when nothing is. Names the way out. */
  readonly check: (text: string) => string | undefined;
  /** A regular expression for editors: it takes everything that `check` takes, and refuses most of the rest. */
  readonly pattern: string;
};
