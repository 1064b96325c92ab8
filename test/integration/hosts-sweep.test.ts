import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, symlink } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test, vi } from 'vitest';
import { baseImage } from '../support/hosts/base-image.ts';
import { neededSettings, settingsAtRest } from '../support/hosts/machine-settings.ts';
import { createNetwork, detachedNetworks } from '../support/hosts/network.ts';
import { readNetworks } from '../support/hosts/records.ts';
import { withStateLock } from '../support/hosts/state-lock.ts';
import { sweep } from '../support/hosts/sweep.ts';
import { compare, snapshot } from '../support/leftovers.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

const OWNER = fileURLToPath(new URL('fixtures/own-hosts.ts', import.meta.url));
const SETTING = 'fs/inotify/max_user_instances';

/** Of the machine without networks. */
let setting: string | undefined;

beforeAll(async () => {
  setting = (await withStateLock(settingsAtRest))[SETTING];
  await baseImage('el9-double', (line) => process.stdout.write(`${line}\n`));
});

test.each(['network', 'starting', 'up'])('what a process killed at "%s" leaves is swept', async (moment) => {
  const before = await snapshot('none');
  await killedOwner(moment);
  const left = compare(before, await snapshot('none'));
  expect(left).toContainEqual(expect.stringMatching(/^network namespace mk8s\d+$/));
  if (moment === 'up') expect(left).toContainEqual(expect.stringMatching(/^loop device .*orphan\.ext4$/));
  await sweep();
  expect(compare(before, await snapshot('none'))).toEqual([]);
  await expectSetting();
});

/** Networks of other tests come and go meanwhile: as long as one is there the machine is set for hosts, and otherwise as it was. */
function expectSetting(): Promise<void> {
  return withStateLock(async () => {
    const atRest = await settingsAtRest();
    const expected = (await readNetworks()).length === 0 ? atRest : neededSettings(atRest, availableParallelism());
    expect((await readFile(join('/proc/sys', SETTING), 'utf8')).trimEnd()).toBe(expected[SETTING]);
    expect(atRest[SETTING]).toBe(setting);
  });
}

test('making a network sweeps first', async () => {
  const before = await snapshot('none');
  await killedOwner('network');
  const network = await createNetwork();
  await network.destroy();
  expect(compare(before, await snapshot('none'))).toEqual([]);
});

test('hosts that are to be kept stay, for people, after the test has destroyed them', async () => {
  vi.stubEnv('METALK8S_KEEP_HOSTS', '1');
  const network = await createNetwork();
  vi.unstubAllEnvs();
  await network.destroy();
  await sweep();
  const kept = (await detachedNetworks()).find(({ slot }) => slot === network.slot);
  expect(kept?.subnets).toEqual(network.subnets);
  await kept?.destroy();
});

test.each([{}, { detached: true }])('a network that cannot be made is gone when that is said, %j', async (options) => {
  const before = await snapshot('none');
  await inTemporaryDirectory(async (cache) => {
    // Its disks have no place.
    await symlink('nowhere', join(cache, 'disks'));
    vi.stubEnv('METALK8S_TEST_CACHE', cache);
    try {
      await expect(createNetwork(options)).rejects.toMatchObject({ code: expect.stringMatching(/^E/) });
    } finally {
      vi.unstubAllEnvs();
    }
  });
  expect(compare(before, await snapshot('none'))).toEqual([]);
});

test('a network of a living process is not swept', async () => {
  const network = await createNetwork();
  const here = await snapshot('none');
  await sweep();
  expect(compare([], await snapshot('none'))).toEqual(compare([], here));
  expect(compare([], here)).toContain(`network ${network.slot}`);
  await network.destroy();
});

test('two networks live side by side and have nothing in common', async () => {
  const [one, two] = await Promise.all([createNetwork(), createNetwork({ planes: 2 })]);
  expect(one.subnets).not.toEqual([two.subnets[0]]);
  await one.destroy();
  expect(compare([], await snapshot('none'))).toContain(`network ${two.slot}`);
  await two.destroy();
});

/** Runs the fixture until it says `moment`, then kills it. */
async function killedOwner(moment: string): Promise<void> {
  const owner = spawn(process.execPath, [OWNER], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(owner, 'exit');
  for await (const line of createInterface({ input: owner.stdout })) {
    if (line === moment) break;
  }
  owner.kill('SIGKILL');
  expect(await exit).toEqual([null, 'SIGKILL']);
}
