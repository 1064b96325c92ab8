import { redact, settledLength } from './redact.ts';
import { Secret } from './secret.ts';
import { secretForms } from './secret-forms.ts';

/** The secrets of one run. There is no other way to make a {@link Secret}, so none escapes redaction. */
export interface Secrets {
  /**
   * Marks a value as secret, where it is made or read. Mark the key or password itself, not the document around it: each
   * long line of a marked value is masked wherever it appears. Values below four characters are wrapped, but not searched for.
   */
  mark(value: string): Secret;
  /** The text without any secret marked so far. */
  redact(text: string): string;
  /** For a text that comes in pieces: gives back what is certain, and keeps what may be the start of a secret. */
  redactPieces(): PieceRedactor;
}

interface PieceRedactor {
  write(piece: string): string;
  /** What was kept back, once the text has ended. */
  end(): string;
}

export function createSecrets(): Secrets {
  const forms: string[] = [];
  return {
    mark(value) {
      for (const form of secretForms(value)) if (!forms.includes(form)) forms.push(form);
      return new Secret(value);
    },
    redact: (text) => redact(text, forms),
    redactPieces: () => pieceRedactor(forms),
  };
}

function pieceRedactor(forms: readonly string[]): PieceRedactor {
  let held = '';
  return {
    write(piece) {
      const text = held + piece;
      const settled = settledLength(text, forms);
      held = text.slice(settled);
      return redact(text.slice(0, settled), forms);
    },
    end() {
      const rest = redact(held, forms);
      held = '';
      return rest;
    },
  };
}
