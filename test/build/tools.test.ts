import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bond } from '../../src/build/run-tool.ts';
import { compareVersions, readVersion, requireTools, toolEnvironment } from '../../src/build/tools.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

const stop = new AbortController().signal;

test.each([
  ['skopeo version 1.9.3 commit: 5f6a9d', '1.9.3'],
  ['4.14.0\n  Installed: dnf-0:4.14.0-8.el9.noarch at Mon', '4.14.0'],
  ['dnf5 version 5.2.6.2\ndnf5 plugin API version 2.0', '5.2.6.2'],
  ['RPM version 4.18.0', '4.18.0'],
  ['RPM version 4.20.0-rc1', '4.20.0-rc1'],
  ['Version: 0.17.3 (Features: DeltaRPM LegacyWeakdeps )', '0.17.3'],
  ['gpg (GnuPG) 2.2.40\nlibgcrypt 1.10.1', '2.2.40'],
  ['\nxorriso 1.5.4 : RockRidge filesystem manipulator, libburnia project.', '1.5.4'],
  ['nginx version: nginx/1.22.1', '1.22.1'],
  ['unshare from util-linux 2.38.1', '2.38.1'],
  ['nothing of the kind', undefined],
])('the version in %j is %s', (text, version) => {
  expect(readVersion(text)).toBe(version);
});

test('versions are compared by their numbers, whatever follows them', () => {
  expect(compareVersions('1.10.0', '1.9.3')).toBeGreaterThan(0);
  expect(compareVersions('1.9', '1.9.0')).toBe(0);
  expect(compareVersions('1.5.9-rc1', '1.6.0')).toBeLessThan(0);
  const version = fc.array(fc.nat(99), { minLength: 1, maxLength: 4 }).map((numbers) => numbers.join('.'));
  fc.assert(
    fc.property(version, version, (left, right) => {
      expect(Math.sign(compareVersions(left, right))).toBe(-Math.sign(compareVersions(right, left)) + 0);
    }),
  );
});

test('all missing and old programs are named at once, with the packages that have them', async () => {
  await inTemporaryDirectory(async (bin) => {
    await program(bin, 'skopeo', 'echo skopeo version 1.5.2');
    await program(bin, 'gpg', 'echo "gpg (GnuPG) 2.4.4"');
    const error = await requireTools(['skopeo', 'gpg', 'nginx', 'rpmsign'], { env: { PATH: bin }, stop }).catch(
      (cause: unknown) => cause,
    );
    expect(error).toMatchObject({
      code: 'PREFLIGHT_FAILED',
      message:
        'the build station lacks programs: not installed: nginx, rpmsign; too old: skopeo 1.5.2, at least 1.6.0 is needed for --preserve-digests',
      hint: 'Install the packages nginx-light rpm skopeo (Debian, Ubuntu) or nginx rpm-sign skopeo (Enterprise Linux, Fedora) and run again.',
    });
  });
});

test('what programs are bound with is looked for in each PATH', async () => {
  const system = await bond(toolEnvironment(process.env));
  expect(system[0]).toBe('setpriv');
  await inTemporaryDirectory(async (bin) => {
    expect(await bond({ PATH: bin })).toEqual([]);
    await program(bin, 'setpriv', 'exit 0');
    expect(await bond({ PATH: `${bin}:${bin}` })).toEqual(system);
  });
});

test('versions come by name; a program that says none is taken', async () => {
  await inTemporaryDirectory(async (bin) => {
    await program(bin, 'nginx', 'echo nginx version: nginx/1.26.3 >&2');
    await program(bin, 'xorriso', 'echo a build of my own');
    expect(await requireTools(['nginx', 'xorriso'], { env: { PATH: bin }, stop })).toEqual({
      nginx: '1.26.3',
      xorriso: 'unknown',
    });
  });
});

test('programs of the system are found by those whose PATH lacks their folders', () => {
  const { PATH, HOME } = toolEnvironment({ PATH: '/home/me/bin:/usr/bin', HOME: '/home/me' });
  expect(PATH?.split(':')).toEqual(['/home/me/bin', '/usr/bin', '/usr/local/bin', '/bin', '/usr/sbin', '/sbin']);
  expect(HOME).toBe('/home/me');
});

async function program(bin: string, name: string, command: string): Promise<void> {
  await writeFile(join(bin, name), `#!/bin/sh\n${command}\n`);
  await chmod(join(bin, name), 0o755);
}
