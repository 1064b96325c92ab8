import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { validateText } from '../../src/config/validate-text.ts';
import { formatFinding } from '../../src/documents/finding.ts';

const folder = join(import.meta.dirname, '../golden/bad-configurations');
const sins = readdirSync(folder).flatMap((name) => (name.endsWith('.yaml') ? [name.slice(0, -5)] : []));

describe('bad configurations', () => {
  it.each(sins)('%s is told as its text says', (sin) => {
    const validation = validateText(readFileSync(join(folder, `${sin}.yaml`), 'utf8'));
    const lines = validation.findings.map((finding) => `${formatFinding(finding, `${sin}.yaml`)}\n`);
    expect(lines.join('')).toBe(readFileSync(join(folder, `${sin}.txt`), 'utf8'));
    expect(validation.valid).toBe(false);
  });

  it('shows no secret', () => {
    const texts = sins.map((sin) => readFileSync(join(folder, `${sin}.txt`), 'utf8'));
    expect(texts.join('')).not.toMatch(/hunter2|c2VjcmV0/);
  });

  it('has nothing beside the files and their texts', () => {
    const expected = sins.flatMap((sin) => [`${sin}.txt`, `${sin}.yaml`]);
    expect(readdirSync(folder).toSorted()).toEqual(expected.toSorted());
    expect(sins.length).toBeGreaterThan(80);
  });
});
