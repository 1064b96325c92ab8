import { expect, test } from 'vitest';
import { ensureWholePackages, readOtherwise, SEEN_WHOLE } from '../../../src/engine/steps/whole-packages.ts';
import { actingHost } from '../../support/engine/acting-host.ts';
import { installStep } from '../../support/engine/install-step.ts';
import { directoryOfTest } from '../../support/test-directory.ts';

const step = installStep('dnf', 'install', '--assumeyes', '--');
const INSTALLED = [
  'bash-0:5.1.8-9.el9.x86_64',
  'dmidecode-1:3.6-1.el9.x86_64',
  'salt-minion-0:3008.3-0.x86_64',
  'vim-2:9.0-1.el9.x86_64',
];

/** As rpm 4.18 prints them of a package with empty files. */
const EMPTIED = `S.5......    /usr/sbin/dmidecode
missing     /usr/share/man/man8/dmidecode.8.gz
`;
const CONFIGURATION = 'S.5......  c /etc/salt/minion\n';
const COMPILED = 'S.5....T.    /opt/saltstack/salt/lib/python3.11/__pycache__/bisect.cpython-311.pyc\n';

/** A host on which rpm tells this of the files of packages, by the beginning of their name. */
async function host(
  verified: Readonly<Record<string, string>>,
  { emptied = '', hadNone = false }: { readonly emptied?: string; readonly hadNone?: boolean } = {},
) {
  const acting = actingHost(await directoryOfTest(), {
    run(text, words) {
      if (text.startsWith('rpm --verify')) {
        const found = Object.entries(verified).find(([name]) => words.at(-1)?.startsWith(name))?.[1] ?? '';
        return { exitCode: found === '' ? 0 : 1, stdout: found };
      }
      if (text.startsWith('rpm --query')) return `${INSTALLED.join('\n')}\n`;
      if (text.startsWith('find ')) return emptied;
      if (text.startsWith('dnf repoquery') && !text.includes('--assumeyes')) return { exitCode: 1, stdout: '' };
      if (text.startsWith('dnf repoquery')) return `${INSTALLED.slice(1, 3).join('\n')}\n`;
      return 'Complete!\n';
    },
  });
  if (!hadNone) await acting.context.possessions.add([{ what: 'packages-before', packages: INSTALLED.slice(0, 1) }]);
  return acting;
}

test('what was installed before a power cut, and lies empty on the disk, is installed anew', async () => {
  const { context, commands } = await host({ 'dmidecode-1': EMPTIED });
  expect(await ensureWholePackages(step, context)).toBe(true);
  expect(commands.filter((each) => each.startsWith('dnf reinstall'))).toEqual([
    'dnf reinstall --disableplugin=versionlock --assumeyes -- dmidecode-1:3.6-1.el9.x86_64',
  ]);
  expect(await context.host.files.look(SEEN_WHOLE)).toBeDefined();
});

test('it is looked at once after each start of the host', async () => {
  const { context, commands } = await host({});
  expect(await ensureWholePackages(step, context)).toBe(false);
  const looked = commands.length;
  expect(await ensureWholePackages(step, context)).toBe(false);
  expect(commands).toHaveLength(looked);
});

test('packages of the owner are not looked at, nor anything where none of ours was ever installed', async () => {
  const owners = await host({ bash: 'S.5......    /usr/bin/bash\n' });
  expect(await ensureWholePackages(step, owners.context)).toBe(false);
  expect(owners.commands.filter((each) => each.includes('bash'))).toEqual([]);
  const later = await host({ vim: 'S.5......    /usr/bin/vim\n' });
  expect(await ensureWholePackages(step, later.context)).toBe(false);
  expect(later.commands.filter((each) => each.startsWith('dnf'))).toEqual([
    'dnf repoquery --assumeyes --quiet --disableplugin=versionlock --disablerepo=* --enablerepo=metalk8s-136.0.0 -- vim-2:9.0-1.el9.x86_64',
  ]);
  const none = await host({ 'salt-minion': EMPTIED }, { hadNone: true });
  expect(await ensureWholePackages(step, none.context)).toBe(false);
  expect(none.commands).toEqual([]);
});

test('a configuration is its owner’s unless it is empty; then it goes, as dnf would leave it so', async () => {
  const owners = await host({ 'salt-minion': CONFIGURATION });
  expect(await ensureWholePackages(step, owners.context)).toBe(false);
  const emptied = await host({ 'salt-minion': CONFIGURATION }, { emptied: '/etc/salt/minion\n' });
  expect(await ensureWholePackages(step, emptied.context)).toBe(true);
  expect(emptied.commands).toContain('find /etc/salt/minion -maxdepth 0 -type f -empty -print -delete');
  expect(emptied.commands).toContain(
    'dnf reinstall --disableplugin=versionlock --assumeyes -- salt-minion-0:3008.3-0.x86_64',
  );
});

test('what Python compiles goes where it is otherwise, as one that is cut off keeps Salt from its start; nothing is installed for that', async () => {
  const { context, commands } = await host({ 'salt-minion': COMPILED });
  expect(await ensureWholePackages(step, context)).toBe(false);
  expect(commands).toContain('xargs --null rm --force --');
  expect(commands.filter((each) => each.startsWith('dnf'))).toEqual([]);
});

test('files that packages only know of say nothing, nor does what Python has not compiled', () => {
  const missing = COMPILED.replace('S.5....T.', 'missing  ');
  expect(readOtherwise(`${missing}missing   g /run/lock/salt\n.M.......    /usr/bin/salt-call\n`)).toEqual({
    files: [],
    configurations: [],
    compiled: [],
  });
  expect(readOtherwise(EMPTIED + CONFIGURATION + COMPILED)).toEqual({
    files: ['/usr/sbin/dmidecode', '/usr/share/man/man8/dmidecode.8.gz'],
    configurations: ['/etc/salt/minion'],
    compiled: ['/opt/saltstack/salt/lib/python3.11/__pycache__/bisect.cpython-311.pyc'],
  });
});
