/** Where a value stands in the text, and how it was written. */
export type Place = {
  /** Offset of the key, for entries of mappings. */
  readonly key?: number;
  /** Offset of the value. */
  readonly value: number;
  /** The text as written, when it was written without quotes. */
  readonly plain?: string;
};
