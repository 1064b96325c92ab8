import type { Finding } from '../documents/finding.ts';
import { parseDocument } from '../documents/parse-document.ts';
import { formatPath } from '../documents/path.ts';
import { configurationDocument } from './configuration-document.ts';
import { migrateDocument } from './migrate-document.ts';
import { validateText } from './validate-text.ts';

/** What migration did, for people. */
export type MigrationStep = { readonly line: number; readonly path: string; readonly message: string };

/** The text as v1alpha3 and what was changed (nothing when it was so already), or why it cannot be migrated. */
export type Migration =
  | {
      readonly valid: true;
      readonly text: string;
      readonly changes: readonly MigrationStep[];
      readonly findings: readonly Finding[];
    }
  | { readonly valid: false; readonly findings: readonly Finding[] };

/**
 * Rewrites a v1alpha2 configuration as v1alpha3 with its comments and order. Refuses what is not valid afterwards: the findings have the positions of
 * the text as it was. Text of v1alpha3 is returned byte by byte.
 */
export function migrateText(text: string): Migration {
  const { valid, findings } = validateText(text);
  const { document, lines } = parseDocument(text, configurationDocument);
  if (!valid || document === undefined) return { valid: false, findings };
  const changes = migrateDocument(document).map(({ path, offset, message }) => ({
    line: lines.linePos(offset).line,
    path: formatPath(path),
    message,
  }));
  if (changes.length === 0) return { valid: true, text, changes, findings };
  const style = { lineWidth: 0, indentSeq: indentsLists(text), flowCollectionPadding: !/\{\S/.test(text) };
  const migrated = document.toString(style);
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const result = mark + migrated.replaceAll('\n', lineEnd);
  if (!validateText(result).valid) throw new Error('migration of a valid configuration made an invalid one');
  return { valid: true, text: result, changes, findings };
}

/** Whether lists stand further right than their key, as in most of the text. */
function indentsLists(text: string): boolean {
  return !/^( *)[\w-]+:[^\n]*\n(?: *#[^\n]*\n)*\1- /m.test(text);
}
