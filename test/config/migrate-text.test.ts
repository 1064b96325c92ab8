import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { migrateText } from '../../src/config/migrate-text.ts';
import { validateText } from '../../src/config/validate-text.ts';
import { exampleText } from './example.ts';

const folder = join(import.meta.dirname, '../golden/migration');

function golden(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

describe('migration', () => {
  it.each(['indented', 'flush', 'keepalived', 'flow'])('of %s keeps comments, order and style', (name) => {
    expect(migrateText(golden(`${name}.v1alpha2.yaml`))).toMatchObject({
      valid: true,
      text: golden(`${name}.v1alpha3.yaml`),
    });
  });

  it('tells what it changed, by the lines of before', () => {
    const migration = migrateText(golden('indented.v1alpha2.yaml'));
    expect(migration).toMatchObject({
      changes: [
        { line: 3, path: 'apiVersion', message: 'metalk8s.scality.com/v1alpha2 became metalk8s.scality.com/v1alpha3' },
        { line: 7, path: 'networks.controlPlane', message: 'the CIDR moved to networks.controlPlane.cidr' },
        { line: 9, path: 'networks.workloadPlane', message: 'the CIDR moved to networks.workloadPlane.cidr' },
        { line: 17, path: 'apiServer.host', message: 'moved to networks.controlPlane.endpoint' },
        { line: 18, path: 'apiServer.keepalived', message: 'removed: it was not in use' },
      ],
    });
  });

  it('warns where it cannot keep what the file said, and shows no password', () => {
    const text = golden('keepalived.v1alpha2.yaml');
    const { findings } = validateText(text);
    expect(findings.map(({ rule, path, line }) => `${line} ${path} ${rule}`)).toEqual([
      '1 apiVersion old-version',
      '11 apiServer.host lost-in-migration',
      '12 apiServer.keepalived lost-in-migration',
    ]);
    expect(JSON.stringify([findings, migrateText(text)])).not.toContain('hunter2');
  });

  it('leaves v1alpha3 byte by byte', () => {
    const text = `${exampleText()}   # odd style\n\n`;
    expect(migrateText(text)).toMatchObject({ valid: true, changes: [], text });
  });

  it('keeps line ends and byte order mark', () => {
    const text = `\uFEFF${golden('flush.v1alpha2.yaml').replaceAll('\n', '\r\n')}`;
    const expected = `\uFEFF${golden('flush.v1alpha3.yaml').replaceAll('\n', '\r\n')}`;
    expect(migrateText(text)).toMatchObject({ valid: true, text: expected });
  });

  it.each([
    ['broken syntax', 'a: [', 1],
    ['v1alpha1', exampleText().replace('v1alpha3', 'v1alpha1'), 1],
    ['a mistake beside', exampleText('debug: maybe').replace('v1alpha3', 'v1alpha2'), 11],
  ])('refuses %s, with the lines of the file as it is', (_, text, line) => {
    const migration = migrateText(text);
    expect(migration.valid).toBe(false);
    expect(migration.findings.find(({ severity }) => severity === 'error')).toMatchObject({ line });
  });

  it.each([
    ['an apiServer with more in it', 'apiServer: {host: 10.200.1.9, kubeletCA: x}', 'apiServer'],
    ['a plane without a value', undefined, 'networks.controlPlane'],
  ])('leaves %s to be judged', (_, line, path) => {
    const base = exampleText(...(line === undefined ? [] : [line])).replace('v1alpha3', 'v1alpha2');
    const text = line === undefined ? base.replace('    cidr: 10.200.1.0/24\n', '') : base;
    const { valid, findings } = validateText(text);
    expect(valid).toBe(false);
    expect(findings.map((finding) => finding.path)).toContain(path);
  });
});
