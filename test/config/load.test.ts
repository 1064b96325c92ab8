import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { directoryOfTest } from '../support/test-directory.ts';
import { exampleText } from './example.ts';

let file: string;
let directory: string;

beforeEach(async () => {
  directory = await directoryOfTest();
  file = join(directory, 'bootstrap.yaml');
});

it('loads a valid file with its defaults and warnings', async () => {
  await writeFile(file, exampleText('debug: on'));
  expect(await loadConfiguration(file)).toMatchObject({
    configuration: { debug: true, networks: { pods: ['10.233.0.0/16'] } },
    warnings: [{ rule: 'yaml-1.1-boolean', line: 11 }],
  });
});

it('throws one error with every finding for an invalid one', async () => {
  await writeFile(file, exampleText('debug: 1', 'unknown: 1'));
  await expect(loadConfiguration(file)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    where: file,
    message: expect.stringMatching(/:11:8: error: debug: .*\n.*:12:1: error: unknown: /),
  });
});
