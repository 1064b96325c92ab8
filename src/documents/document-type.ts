import type { Document } from 'yaml';
import type { ErrorCode } from '../errors/error-codes.ts';
import type { Format } from './format.ts';
import type { Path } from './path.ts';
import type { Place } from './place.ts';
import type { Problem } from './problem.ts';
import type { ObjectSchema, Schema } from './schema.ts';

/** A kind of YAML document that people write: what its texts are judged by, and what to tell their authors. */
export interface DocumentType {
  /** What messages call it, without an article: `configuration`. */
  readonly name: string;
  /** The code of the error that an unreadable or invalid one leads to. */
  readonly code: ErrorCode;
  readonly schema: ObjectSchema;
  /** Every format that the schema names. */
  readonly formats: Readonly<Record<string, Format>>;
  readonly limits: Limits;
  readonly hints: Hints;
  /** The problem of a document that is of another kind or version, whose fields nobody can judge therefore. */
  recognise(value: unknown): Problem | undefined;
  /** Rewrites an older form in place, before its values are read; what its author should know of that. */
  modernise?(document: Document.Parsed): readonly Problem[];
  /** Third pass, for values whose shape is good but for those at the `bad` paths. */
  judge(value: unknown, bad: readonly Path[], places: ReadonlyMap<string, Place>): readonly Problem[];
  /** What to tell about a key that the schema does not know, as the end of `unknown key…`; undefined for the usual. */
  explainKey?(schema: Schema, key: string): string | undefined;
  /** The way out for a value of the wrong type, as the end of a sentence; undefined for the usual. */
  explainType?(schema: Schema, data: unknown): string | undefined;
}

/** They bound the time that a hostile file takes. */
export interface Limits {
  /** Of the text. */
  readonly characters: number;
  /** Values that are read; with anchors a short text can stand for very many. */
  readonly values: number;
}

interface Hints {
  /** What to do about an empty file, after `is empty: `. */
  readonly empty: string;
  readonly tooLarge: string;
  missing(file: string): string;
  readonly unreadable: string;
  readonly invalid: string;
}
