const inspect = Symbol.for('nodejs.util.inspect.custom');

/** What stands where a secret would. */
export const MASK = '[secret]';

/** A value that shows itself only to who asks by name. Made by {@link Secrets.mark}, so that each one is known to redaction. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself: only for the edge that hands it to the key file, the standard input or the connection it is for. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect](): string {
    return MASK;
  }
}
