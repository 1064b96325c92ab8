import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../support/hosts/main.ts', import.meta.url));
let names: string[] = [];

// Hosts that a person has up at the same time are not ours to take down.
afterEach(async () => {
  for (const name of names) await hosts('down', name);
});

test('up, list, ssh and down', async () => {
  const up = await hosts('up', '2', '--planes', '2', '--disk', '3');
  names = [...up.stderr.matchAll(/^(node\d+) is up after \d+\.\d s: 172\.29\.\d+\.\d+, 172\.30\.\d+\.\d+$/gm)].map(
    ([, name = '']) => name,
  );
  expect(up.stderr).toContain('Remove them: npm run hosts -- down');
  expect(names).toHaveLength(2);
  const [one = '', two = ''] = names.sort();

  expect((await hosts('list')).stdout.split('\n')).toEqual(
    expect.arrayContaining([expect.stringMatching(new RegExp(`^${one} +el9-double +on +172`))]),
  );
  expect((await hosts('ssh', one, 'uname', '--nodename')).stdout).toBe(one);
  expect((await hosts('ssh', one, 'echo', 'a  b', '$HOME')).stdout).toBe('a  b $HOME');
  expect((await hosts('ssh', one, 'echo $HOME; exit 7')).exitCode).toBe(7);
  await hosts('ssh', two, 'ping', '-c', '1', one);

  await hosts('down', one);
  names = [two];
  expect((await hosts('list')).stdout).not.toMatch(new RegExp(`^${one} `, 'm'));
  expect((await hosts('ssh', one)).stderr).toMatch(new RegExp(`^there is no host ${one}; there is .*${two}`));
});

test('what is not understood is refused with a way out', async () => {
  names = [];
  const { exitCode, stderr } = await hosts('boot');
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('npm run hosts -- --help')]);
});

test('help has examples', async () => {
  const { stdout } = await hosts('--help');
  expect(stdout).toContain('npm run hosts -- up 3');
});

async function hosts(...args: string[]) {
  return execa(process.execPath, [MAIN, ...args], { reject: false, stdin: 'ignore' });
}
