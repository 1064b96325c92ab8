import { expect, test } from 'vitest';
import { startUnit } from '../../../src/engine/steps/start-unit.ts';
import { type Answer, actingHost } from '../../support/engine/acting-host.ts';
import { inTemporaryDirectory } from '../../support/temporary-directory.ts';

const unit = 'srv-metalk8s-136.0.0.mount';
const step = { id: 's', host: 'node-1', kind: 'start-unit', title: '', reason: '', disrupts: null, unit } as const;

/** As systemd 252 shows a unit. */
function shown(changes: Record<string, string> = {}): string {
  const unit = {
    LoadState: 'loaded',
    ActiveState: 'active',
    UnitFileState: 'enabled',
    NeedDaemonReload: 'no',
    ...changes,
  };
  return `Where=/srv/metalk8s/136.0.0\n${Object.entries(unit)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')}`;
}

/** systemd with a unit that is first as the first of these, then as the next. */
function systemd(states: readonly Record<string, string>[], answers: Readonly<Record<string, Answer>> = {}) {
  let looks = 0;
  return (command: string): Answer => {
    if (command.startsWith('systemctl show')) return shown(states[Math.min(looks++, states.length - 1)]);
    for (const [start, answer] of Object.entries(answers)) if (command.startsWith(start)) return answer;
    return '';
  };
}

async function start(run: (command: string) => Answer) {
  return inTemporaryDirectory(async (directory) => {
    const { context, commands, noted } = actingHost(directory, { run });
    const outcome = await startUnit(step, context);
    return { ...outcome, noted, did: commands.filter((command) => !command.startsWith('systemctl show')) };
  });
}

test('a unit that is enabled and active is left alone', async () => {
  expect(await start(systemd([{}]))).toEqual({ changed: false, did: [], noted: [] });
});

test('a new one is enabled and started, and where it mounts is noted before', async () => {
  const { changed, did, noted } = await start(systemd([{ UnitFileState: 'disabled', ActiveState: 'inactive' }, {}]));
  expect(changed).toBe(true);
  expect(did).toEqual([`systemctl enable --quiet -- ${unit}`, `systemctl start -- ${unit}`]);
  expect(noted).toContainEqual({ what: 'path', path: '/srv/metalk8s/136.0.0' });
});

test('one that a killed run has started is enabled', async () => {
  const { did } = await start(systemd([{ UnitFileState: 'disabled' }]));
  expect(did).toEqual([`systemctl enable --quiet -- ${unit}`]);
});

test('systemd reads its units where it has not', async () => {
  for (const first of [{ NeedDaemonReload: 'yes' }, { LoadState: 'not-found', UnitFileState: '' }]) {
    expect((await start(systemd([first, {}]))).did).toEqual(['systemctl daemon-reload']);
  }
});

test.each([
  ['masked', /systemctl unmask/],
  ['not-found', /systemctl status/],
])('one that is %s cannot be used', async (LoadState, hint) => {
  await expect(start(systemd([{ LoadState }]))).rejects.toMatchObject({
    code: 'STEP_FAILED',
    message: `systemd cannot use the unit ${unit}: ${LoadState}`,
    hint: expect.stringMatching(hint),
  });
});

test('one that does not start is told with its state and what it said', async () => {
  const answers = {
    'systemctl start': { exitCode: 1, stderr: 'Job failed. See "journalctl -xe" for details.\n' },
    'systemctl status': {
      exitCode: 3,
      stdout: `× ${unit} - Archive
     Loaded: loaded (/etc/systemd/system/${unit}; enabled; preset: disabled)
     Active: failed (Result: exit-code) since Sat 2026-11-21 19:23:10 UTC; 53ms ago
`,
    },
    journalctl: `mount: /srv/metalk8s/136.0.0: unknown filesystem type 'iso9660'.
Failed to mount ${unit}.
`,
  };
  await expect(start(systemd([{ ActiveState: 'failed' }], answers))).rejects.toMatchObject({
    code: 'STEP_FAILED',
    message: `The unit ${unit} could not be started`,
    where: unit,
    hint: expect.stringContaining(`journalctl --unit=${unit}`),
    cause: {
      message: expect.stringMatching(/Job failed[\s\S]*Active: failed[\s\S]*unknown filesystem type 'iso9660'/),
    },
  });
});

test('one that starts and ends at once is a failure', async () => {
  const run = systemd([{ ActiveState: 'inactive' }, { ActiveState: 'failed' }]);
  await expect(start(run)).rejects.toMatchObject({ code: 'STEP_FAILED', where: unit });
});
