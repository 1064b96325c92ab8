import { expect, test } from 'vitest';
import { installPackages } from '../../../src/engine/steps/install-packages.ts';
import { missingPackages, readUnmet } from '../../../src/engine/steps/lacking-packages.ts';
import { MetalK8sError } from '../../../src/errors/metalk8s-error.ts';
import { type Answer, actingHost } from '../../support/engine/acting-host.ts';
import { installStep, SALT } from '../../support/engine/install-step.ts';
import { directoryOfTests } from '../../support/test-directory.ts';

const root = directoryOfTests();

const command = ['dnf', 'install', '--'] as const;
const step = installStep(...command);
const BEFORE = 'bash-0:5.1.8-9.el9.x86_64\ngpg-pubkey-0:350d275d-6279464b.(none)\n';
const LOCKED = 'RPMDB already locked by 12\n  The application with PID 12 is: dnf\n';

/** A host whose dnf answers so, one after the other; undefined: it installs. */
function host(...answers: readonly (Answer | (() => Answer))[]) {
  return hostWith(() => AGENTS, ...answers);
}

/** `listing`: what ps answers. */
function hostWith(listing: () => Answer, ...answers: readonly (Answer | (() => Answer))[]) {
  let installed = '';
  let unmet = '';
  let runs = 0;
  const acting = actingHost(root, {
    run(text) {
      if (text.startsWith('dnf ')) {
        const next = answers[runs++];
        const answer = typeof next === 'function' ? next() : next;
        if (answer === undefined) {
          installed = `${SALT}\n`;
          unmet = '';
        }
        return answer ?? 'Complete!\n';
      }
      if (text.startsWith('rpm --verify')) return { exitCode: unmet === '' ? 0 : 1, stdout: unmet };
      if (text.startsWith('rpm '))
        return text.endsWith(' gpg-pubkey') ? 'gpg-pubkey-350d275d-6279464b\n' : BEFORE + installed;
      if (text.startsWith('ps ')) return listing();
      return '';
    },
  });
  const has = (without = '') => {
    installed = `${SALT}\n`;
    unmet = without;
  };
  return { ...acting, has };
}

/** What rpm 4.18 prints for a package whose dependency is not there. */
const UNMET = `Unsatisfied dependencies for salt-minion-3008.3-0.x86_64:
	salt = 3008.3-0 is needed by (installed) salt-minion-3008.3-0.x86_64
`;

const AGENTS = `    311 0::/user.slice gpg-agent --homedir /home/ada/.gnupg --daemon
    317 0::/user.slice gpg-agent --homedir /var/cache/dnf/metalk8s-136.0.0-0a1b2c3d4e5f6071/pubring --use-standard-socket --daemon
    318 0::/user.slice gpg-agent --homedir /var/cache/dnf/metalk8s-135.0.0-0a1b2c3d4e5f6071/pubring --use-standard-socket --daemon
    319 0::/user.slice gpg-agent --homedir /var/cache/dnf/baseos-0a1b2c3d4e5f6071/pubring --use-standard-socket --daemon
`;

test('what is installed already is not installed', async () => {
  const { context, commands, has } = host();
  has();
  expect(await installPackages(step, context)).toEqual({ changed: false });
  expect(commands.filter((each) => !each.startsWith('rpm '))).toEqual([]);
});

test('what was there before is noted before dnf runs, and what dnf leaves running is ended', async () => {
  const { context, commands, noted } = host(undefined);
  expect(await installPackages(step, context)).toEqual({ changed: true });
  expect(noted).toEqual([
    { what: 'packages-before', packages: ['bash-0:5.1.8-9.el9.x86_64'] },
    { what: 'rpm-keys-before', keys: ['gpg-pubkey-350d275d-6279464b'] },
  ]);
  expect(commands.filter((each) => !each.startsWith('rpm '))).toEqual([
    `dnf install -- ${SALT}`,
    expect.stringMatching(/^ps /),
    'kill -TERM 317',
  ]);
});

test('what a package lacks that a transaction has left halfway comes along', async () => {
  const { context, commands, has } = host(undefined);
  has(UNMET);
  expect(await installPackages(step, context)).toEqual({ changed: true });
  expect(commands).toContain('rpm --verify --nofiles --noscripts -- salt-minion-3008.3-0.x86_64');
  expect(commands).toContain('dnf install -- salt = 3008.3-0');
  expect(readUnmet(UNMET)).toEqual(['salt = 3008.3-0']);
});

test('another transaction is waited for', async () => {
  const { context, told } = host({ exitCode: 200, stderr: LOCKED }, undefined);
  expect(await installPackages(step, context)).toEqual({ changed: true });
  expect(told).toContain('no other transaction of packages is under way: process 12 (dnf) holds dnf’s lock RPMDB');
});

test('a failure is explained, with the words of dnf as its cause, and no agent stays', async () => {
  const { context, commands } = host({ exitCode: 1, stderr: 'Error: Unable to find a match: salt-minion\n' });
  await expect(installPackages(step, context)).rejects.toMatchObject({
    code: 'STEP_FAILED',
    message: 'The archive does not have these packages: salt-minion',
    where: `dnf install -- ${SALT}`,
    cause: { message: 'exit status 1: Error: Unable to find a match: salt-minion' },
  });
  expect(commands).toContain('kill -TERM 317');
});

test.each([
  ['cannot be listed', () => ({ exitCode: 1, stderr: 'error: mount /proc\n' })],
  [
    'cannot be asked for',
    () => {
      throw new MetalK8sError('STEP_FAILED', 'The program ps cannot be started');
    },
  ],
])('where agents %s, it is told what dnf said all the same', async (_, listing) => {
  const { context } = hostWith(listing, { exitCode: 1, stderr: 'Error: Unable to find a match: salt-minion\n' });
  await expect(installPackages(step, context)).rejects.toThrow('The archive does not have these packages: salt-minion');
  const { context: other } = hostWith(listing, undefined);
  expect(await installPackages(step, other)).toEqual({ changed: true });
});

test('dnf is not believed where the packages lack', async () => {
  const { context } = host('Nothing to do.\n');
  await expect(installPackages(step, context)).rejects.toThrow(
    'these are not installed: salt-minion-0:3008.3-0.x86_64',
  );
});

test.each([
  [['a-0:1-2.noarch'], ['a-0:1-2.noarch'], []],
  [['a-1:1-2.noarch'], ['a-1:1-2.noarch'], []],
  [['a-0:1-2.noarch'], ['a-1:1-2.noarch'], ['a-0:1-2.noarch']],
  [['a-0:1-2.noarch'], ['a-0:1-3.noarch', 'a-b-0:1-2.noarch'], ['a-0:1-2.noarch']],
])('of %j a host with %j lacks %j', (wanted, installed, missing) => {
  expect(missingPackages({ packages: wanted, anyVersion: [] }, installed)).toEqual(missing);
});

test('of packages that may have any version, the name counts alone', () => {
  const wanted = { packages: ['a-0:1-2.noarch'], anyVersion: ['socat', 'a-b', 'a'] };
  expect(missingPackages(wanted, ['a-b-0:1-2.noarch', 'socat-0:1.7-1.x86_64'])).toEqual(['a-0:1-2.noarch', 'a']);
});

test('what is there is not named to dnf: neither what is there in one version, nor what is there in any', async () => {
  const { context, has, commands } = host('Complete!\n');
  has();
  expect(await installPackages({ ...step, anyVersion: ['bash'] }, context)).toEqual({ changed: false });
  await expect(installPackages({ ...step, anyVersion: ['bash', 'socat'] }, context)).rejects.toThrow(
    'these are not installed: socat',
  );
  expect(commands.filter((each) => each.startsWith('dnf '))).toEqual(['dnf install -- socat']);
});

test('what a dnf that was waited for has installed is not installed again', async () => {
  const { context, commands, has } = host(() => {
    has();
    return { exitCode: 200, stderr: LOCKED };
  });
  expect(await installPackages(step, context)).toEqual({ changed: true });
  expect(commands.filter((each) => each.startsWith('dnf '))).toEqual([`dnf install -- ${SALT}`]);
});

test('what is installed is asked for once before and once after dnf, and once for the record', async () => {
  const { context, commands } = host(undefined);
  await installPackages(step, context);
  const queries = commands.filter((each) => each.startsWith('rpm --query --all') && !each.endsWith(' gpg-pubkey'));
  expect(queries).toHaveLength(3);
});
