import { describe, expect, it } from 'vitest';
import { printDefaults } from '../../src/config/print-defaults.ts';
import { configurationSchema } from '../../src/config/schema/configuration.ts';
import { validateText } from '../../src/config/validate-text.ts';
import { isObject, isUsed, type Schema } from '../../src/documents/schema.ts';

describe('the printed defaults', () => {
  it('are valid, without a warning', () => {
    expect(validateText(printDefaults())).toMatchObject({ valid: true, findings: [] });
  });

  it('are valid with every example that is commented out, with no warning but of what is not there yet', () => {
    expect(validateText(printDefaults().replaceAll(/^(\s*)#(?=\S)/gm, '$1'))).toMatchObject({
      valid: true,
      findings: [{ rule: 'no-backups-yet' }],
    });
  });

  it('name every field that is used, and none that is not', () => {
    const printed = [...printDefaults().matchAll(/^\s*(?:- )?#?([\w-]+):/gm)].map(([, name]) => name);
    expect(new Set(printed)).toEqual(new Set(['topologyKey', ...namesOf(configurationSchema)]));
  });

  it('have no line longer than a terminal of 120 columns', () => {
    expect(
      printDefaults()
        .split('\n')
        .filter((line) => line.length > 120),
    ).toEqual([]);
  });
});

function namesOf(schema: Schema): string[] {
  if (!isObject(schema)) return [];
  return Object.entries(schema.properties).flatMap(([name, child]) => (isUsed(child) ? [name, ...namesOf(child)] : []));
}
