import { chmod, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { printDefaults } from '../../src/config/print-defaults.ts';
import { exampleText } from '../config/example.ts';
import { runMain } from '../support/run-main.ts';
import { directoryOfTest } from '../support/test-directory.ts';

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await directoryOfTest();
  file = join(directory, 'bootstrap.yaml');
});

describe('config print-defaults', () => {
  it('prints a commented file', async () => {
    expect(await runMain(['config', 'print-defaults'])).toEqual({ exit: 0, stdout: printDefaults(), stderr: '' });
  });

  it.each(['json', 'yaml'])('prints the values as %s', async (format) => {
    const { exit, stdout } = await runMain(['config', 'print-defaults', '-o', format]);
    expect(exit).toBe(0);
    expect(parse(stdout)).toEqual(parse(printDefaults()));
  });

  it('prints what validate takes', async () => {
    await writeFile(file, (await runMain(['config', 'print-defaults'])).stdout);
    expect(await runMain(['config', 'validate', '-c', file])).toEqual({
      exit: 0,
      stdout: `${file}: valid\n`,
      stderr: '',
    });
  });
});

describe('config validate', () => {
  it('prints findings like a compiler, and ends with 3', async () => {
    await writeFile(file, exampleText('ssh: {usr: root}', 'debug: on').replace('\nca:', '\n  podz: 10.0.0.0/8\nca:'));
    expect(await runMain(['config', 'validate', '-c', file])).toEqual({
      exit: 3,
      stdout: [
        `${file}:8:3: error: networks.podz: unknown key, did you mean "pods"?`,
        `${file}:12:7: error: ssh.usr: unknown key, did you mean "user"?`,
        `${file}:13:8: warning: debug: "on" is text in YAML 1.2; read as true, as before: write true`,
        `${file}: 2 errors, 1 warning`,
        '',
      ].join('\n'),
      stderr: '',
    });
  });

  it('ends with 0 when there are only warnings', async () => {
    await writeFile(file, exampleText('debug: on'));
    const { exit, stdout } = await runMain(['config', 'validate', '--config', file]);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/: valid, 1 warning\n$/);
  });

  it('gives findings to programs', async () => {
    await writeFile(file, exampleText('debug: 1'));
    const { exit, stdout } = await runMain(['config', 'validate', '-c', file, '-o', 'json']);
    expect(exit).toBe(3);
    expect(JSON.parse(stdout)).toEqual({
      file,
      valid: false,
      findings: [
        {
          severity: 'error',
          rule: 'wrong-type',
          path: 'debug',
          line: 11,
          column: 8,
          message: 'must be true or false, is a number',
        },
      ],
    });
  });

  it.each([
    ['no file', () => Promise.resolve(), 'cannot be read'],
    ['bytes that are no UTF-8', () => writeFile(file, Buffer.from([0x64, 0xff, 0xfe])), 'is not UTF-8 text'],
    ['UTF-16', () => writeFile(file, Buffer.from(`\uFEFF${exampleText()}`, 'utf16le')), 'is not UTF-8 text'],
    ['a file of a megabyte', () => writeFile(file, Buffer.alloc(1_000_000, 'a')), 'has more than'],
  ])('says so when there is %s', async (_, prepare, words) => {
    await prepare();
    const { exit, stdout, stderr } = await runMain(['config', 'validate', '-c', file]);
    expect({ exit, stdout }).toEqual({ exit: 3, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).toContain(`Where:  ${file}`);
    expect(stderr).toContain('To do:  ');
  });

  it('reads no further than needed from a device without an end', async () => {
    expect(await runMain(['config', 'validate', '-c', '/dev/zero'])).toMatchObject({ exit: 3 });
  });
});

describe('config migrate', () => {
  const old = `# kept\n${exampleText()
    .replace('v1alpha3', 'v1alpha2')
    .replaceAll(/:\n {4}cidr:/g, ':')}`;
  const migrated = `# kept\n${exampleText()}`;

  it('shows the new text, and leaves the file', async () => {
    await writeFile(file, old);
    const { exit, stdout, stderr } = await runMain(['config', 'migrate', '-c', file]);
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: migrated });
    expect(stderr).toContain(`${file}:5: networks.controlPlane: the CIDR moved to networks.controlPlane.cidr\n`);
    expect(stderr).toContain('not changed; --write rewrites it\n');
    expect(await readFile(file, 'utf8')).toBe(old);
  });

  it('replaces the file, through a link, with its mode, and leaves nothing beside', async () => {
    await writeFile(file, old);
    await chmod(file, 0o640);
    const link = join(directory, 'link.yaml');
    await symlink(file, link);
    const { exit, stdout, stderr } = await runMain(['config', 'migrate', '-c', link, '--write']);
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: '' });
    expect(stderr).toMatch(/rewritten\n$/);
    expect(await readFile(file, 'utf8')).toBe(migrated);
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect((await readdir(directory)).toSorted()).toEqual(['bootstrap.yaml', 'link.yaml']);
  });

  it('has nothing to do a second time', async () => {
    await writeFile(file, migrated);
    const before = await stat(file);
    const { exit, stderr } = await runMain(['config', 'migrate', '-c', file, '--write']);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: `${file}: nothing to migrate\n` });
    expect((await stat(file)).ino).toBe(before.ino);
  });

  it('tells programs what it did', async () => {
    await writeFile(file, old);
    const { stdout } = await runMain(['config', 'migrate', '-c', file, '--write', '-o', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({
      file,
      written: true,
      text: migrated,
      changes: [{ line: 2 }, { line: 5 }, { line: 6 }],
    });
  });

  it('refuses an invalid file, and leaves it', async () => {
    await writeFile(file, `${old}debug: 1\n`);
    const { exit, stderr } = await runMain(['config', 'migrate', '-c', file, '--write']);
    expect(exit).toBe(3);
    expect(stderr).toContain(`${file}:10:8: error: debug: must be true or false, is a number`);
    expect(await readFile(file, 'utf8')).toBe(`${old}debug: 1\n`);
  });
});

describe('the group', () => {
  it('shows its commands', async () => {
    for (const argv of [
      ['config', '--help'],
      ['help', 'config'],
      ['config', 'help'],
    ]) {
      const { exit, stdout } = await runMain(argv);
      expect(exit).toBe(0);
      expect(stdout).toMatch(/print-defaults .*\n.*validate .*\n.*migrate /);
    }
  });

  it.each([
    ['config', 'validate', '--help'],
    ['config', 'help', 'validate'],
  ])('shows all about one: %s %s %s', async (...argv) => {
    const { exit, stdout } = await runMain(argv);
    expect(exit).toBe(0);
    expect(stdout).toContain('metalk8s config validate -o json');
  });

  it.each([
    [['config'], 'no command was given'],
    [['config', 'validat'], "unknown command 'validat'"],
    [['config', 'help', 'validat'], "unknown command 'validat'"],
    [['config', 'validate', '--conf', 'x'], "unknown option '--conf'"],
    [['config', 'toString'], "unknown command 'toString'"],
  ])('refuses %j', async (argv, words) => {
    const { exit, stderr } = await runMain(argv);
    expect(exit).toBe(2);
    expect(stderr).toContain(words);
  });
});
