import { expect, test } from 'vitest';
import { ensureWholePackages, SEEN_WHOLE } from '../../../src/engine/steps/whole-packages.ts';
import { type Answer, actingHost } from '../../support/engine/acting-host.ts';
import { installStep, SALT } from '../../support/engine/install-step.ts';
import { directoryOfTest } from '../../support/test-directory.ts';

const step = installStep('dnf', 'install', '--assumeyes', '--');
const INSTALLED = ['bash-0:5.1.8-9.el9.x86_64', 'dmidecode-1:3.6-1.el9.x86_64', SALT, 'vim-2:9.0-1.el9.x86_64'];

const BISECT = '/opt/saltstack/salt/lib/python3.11/__pycache__/bisect.cpython-311.pyc';
/** What packages have, as rpm prints it. */
const FILES = `dmidecode-1:3.6-1.el9.x86_64 /usr/sbin/dmidecode
dmidecode-1:3.6-1.el9.x86_64 /usr/share/man/man8/dmidecode.8.gz
${SALT} /etc/salt/minion
${SALT} ${BISECT}
vim-2:9.0-1.el9.x86_64 /usr/bin/vim
vim-2:9.0-1.el9.x86_64 /etc/vimrc
vim-2:9.0-1.el9.x86_64 /usr/lib/vim/__pycache__/a.cpython-39.pyc
vim-2:9.0-1.el9.x86_64 /usr/share/vim/empty
(none)-0:350d275d-6279464b.(none) (none)
`;
/** As rpm 4.18 prints them of a package with empty files. */
const EMPTIED = `S.5......    /usr/sbin/dmidecode
missing     /usr/share/man/man8/dmidecode.8.gz
`;
const CONFIGURATION = 'S.5......  c /etc/salt/minion\n';
/** Of a package that is there, and empty as it was brought. */
const OWNED = '/usr/share/vim/empty';

interface Told {
  /** What rpm finds in all packages that are looked at. */
  readonly verified?: string;
  /** Regular files of no length. */
  readonly empty?: readonly string[];
  readonly hadNone?: boolean;
  readonly installed?: readonly string[];
  /** What rpm ends with when it verifies. */
  readonly answer?: Answer;
  /** Whether another dnf has the lock at first. */
  readonly isLocked?: boolean;
}

async function host(wanted: Told) {
  const { verified = '', empty = [], hadNone = false, installed = INSTALLED, answer } = wanted;
  let isLocked = wanted.isLocked ?? false;
  const removed: string[] = [];
  const acting = actingHost(await directoryOfTest(), {
    run(text, words, _, input = '') {
      const paths = input.split('\0').slice(0, -1);
      if (text.startsWith('rpm --verify') && answer !== undefined) return answer;
      if (text.startsWith('rpm --verify')) return { exitCode: verified === '' ? 0 : 1, stdout: verified };
      if (text.startsWith('rpm --query --all --queryformat=%')) return `${installed.join('\n')}\n`;
      if (text.startsWith('rpm --query --queryformat=[')) return FILES;
      if (text === 'xargs --null rm --force --') removed.push(...paths);
      if (text === 'xargs --null stat --format=%F %n --')
        return paths.map((path) => `regular ${empty.includes(path) ? 'empty ' : ''}file ${path}\n`).join('');
      if (text.startsWith('dnf ') && isLocked) {
        isLocked = false;
        return { exitCode: 1, stderr: LOCKED };
      }
      if (text.startsWith('dnf repoquery') && !text.includes('--assumeyes')) return { exitCode: 1, stdout: '' };
      if (text.startsWith('dnf repoquery') && words.includes('--list'))
        return '\n/etc/dnf/plugins/versionlock.conf\n/usr/bin/kubelet\n/usr/share/vim/empty\n';
      if (text.startsWith('dnf repoquery')) return `${INSTALLED.slice(1, 3).join('\n')}\n`;
      return 'Complete!\n';
    },
  });
  if (!hadNone) await acting.context.possessions.add([{ what: 'packages-before', packages: INSTALLED.slice(0, 1) }]);
  const ofDnf = () => acting.commands.filter((each) => each.startsWith('dnf '));
  return { ...acting, ofDnf, removed };
}

const LOCKED = 'metadata already locked by 7\n  The application with PID 7 is: dnf\n';
const REINSTALL = 'dnf reinstall --disableplugin=versionlock --assumeyes --';

test('what was installed before a power cut, and lies empty on the disk, is installed anew', async () => {
  const { context, ofDnf } = await host({ verified: EMPTIED });
  expect(await ensureWholePackages(step, context)).toBe(true);
  expect(ofDnf().at(-1)).toBe(`${REINSTALL} dmidecode-1:3.6-1.el9.x86_64`);
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
  const verified = `S.5......    /usr/bin/vim
S.5......  c /etc/vimrc
S.5....T.    /usr/lib/vim/__pycache__/a.cpython-39.pyc
`;
  const { context, commands, ofDnf, removed } = await host({ verified, empty: ['/etc/vimrc'] });
  expect(await ensureWholePackages(step, context)).toBe(false);
  expect(commands.find((each) => each.startsWith('rpm --verify'))).toMatch(/ -- dmidecode-1:3.6-1.el9.x86_64 salt-/);
  expect(ofDnf()).toEqual([
    'dnf repoquery --assumeyes --quiet --noplugins --setopt=exit_on_lock=True --disablerepo=* --enablerepo=metalk8s-136.0.0 -- vim-2:9.0-1.el9.x86_64',
  ]);
  expect(removed).toEqual([]);
  const none = await host({ verified: EMPTIED, hadNone: true });
  expect(await ensureWholePackages(step, none.context)).toBe(false);
  expect(none.commands).toEqual([]);
});

test('a configuration is its owner’s unless it is empty or gone; an empty one goes, as dnf would leave it so', async () => {
  const owners = await host({ verified: CONFIGURATION });
  expect(await ensureWholePackages(step, owners.context)).toBe(false);
  const emptied = await host({ verified: CONFIGURATION, empty: ['/etc/salt/minion'] });
  expect(await ensureWholePackages(step, emptied.context)).toBe(true);
  expect(emptied.removed).toEqual(['/etc/salt/minion']);
  expect(emptied.ofDnf().at(-1)).toBe(`${REINSTALL} ${SALT}`);
  // A run that was killed after that.
  const gone = await host({ verified: 'missing   c /etc/salt/minion\n' });
  expect(await ensureWholePackages(step, gone.context)).toBe(true);
  expect(gone.ofDnf().at(-1)).toBe(`${REINSTALL} ${SALT}`);
});

test('what Python compiles goes where it is otherwise, as one that is cut off keeps Salt from its start; nothing is installed for that', async () => {
  const { context, removed, ofDnf } = await host({ verified: `S.5....T.    ${BISECT}\n` });
  expect(await ensureWholePackages(step, context)).toBe(false);
  expect(removed).toEqual([BISECT]);
  expect(ofDnf().filter((each) => !each.startsWith('dnf repoquery'))).toEqual([]);
});

test('where packages lack, what lies empty and belongs to none goes before they come: dnf would stumble over it, or leave it so', async () => {
  const empty = ['/etc/dnf/plugins/versionlock.conf', OWNED];
  const lacking = await host({ empty, installed: INSTALLED.slice(0, 1) });
  expect(await ensureWholePackages(step, lacking.context)).toBe(false);
  expect(lacking.removed).toEqual(['/etc/dnf/plugins/versionlock.conf']);
  const whole = await host({ empty });
  expect(await ensureWholePackages(step, whole.context)).toBe(false);
  expect(whole.removed).toEqual([]);
  expect(whole.ofDnf()).toEqual([]);
});

test.each([
  ['was ended', { exitCode: 137, stdout: '' }],
  ['cannot read its database', { exitCode: 1, stdout: '', stderr: 'error: rpmdb: BDB0113 Thread died' }],
])('an rpm that %s has not seen that all is whole', async (_, answer) => {
  const { context } = await host({ answer });
  await expect(ensureWholePackages(step, context)).rejects.toMatchObject({ code: 'STEP_FAILED' });
  expect(await context.host.files.look(SEEN_WHOLE)).toBeUndefined();
});

test('another dnf that has the lock is waited for', async () => {
  const { context, told } = await host({ verified: EMPTIED, isLocked: true });
  expect(await ensureWholePackages(step, context)).toBe(true);
  expect(told).toContainEqual(expect.stringContaining('process 7 (dnf) holds dnf’s lock metadata'));
});
