import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DocumentType } from '../../src/documents/document-type.ts';
import { formatFinding } from '../../src/documents/finding.ts';
import { validateDocument } from '../../src/documents/validate-document.ts';
import { lockDocument, mirrorsDocument, releaseDocument } from '../../src/release/document-types.ts';

const folder = join(import.meta.dirname, '../golden/bad-release-lists');
const sins = readdirSync(folder).flatMap((name) => (name.endsWith('.yaml') ? [name.slice(0, -5)] : []));

describe('bad release lists, locks and mirrors', () => {
  it.each(sins)('%s is told as its text says', (sin) => {
    const validation = validateDocument(readFileSync(join(folder, `${sin}.yaml`), 'utf8'), typeOf(sin));
    const lines = validation.findings.map((finding) => `${formatFinding(finding, `${sin}.yaml`)}\n`);
    expect(lines.join('')).toBe(readFileSync(join(folder, `${sin}.txt`), 'utf8'));
    expect(validation.valid).toBe(false);
  });

  it('shows no secret', () => {
    const texts = sins.map((sin) => readFileSync(join(folder, `${sin}.txt`), 'utf8'));
    expect(texts.join('')).not.toContain('hunter2');
  });

  it('has nothing beside the files and their texts', () => {
    const expected = sins.flatMap((sin) => [`${sin}.txt`, `${sin}.yaml`]);
    expect(readdirSync(folder).toSorted()).toEqual(expected.toSorted());
    expect(sins.length).toBeGreaterThan(90);
  });
});

function typeOf(sin: string): DocumentType {
  if (sin.startsWith('lock-')) return lockDocument;
  return sin.startsWith('mirrors-') ? mirrorsDocument : releaseDocument;
}
