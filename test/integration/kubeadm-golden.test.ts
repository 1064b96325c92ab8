import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { beforeAll, expect, it } from 'vitest';
import { checkGolden } from '../support/kubeadm/check-golden.ts';
import { clusterConfiguration, initConfiguration } from '../support/kubeadm/configuration.ts';
import { CONFIGURATIONS } from '../support/kubeadm/configurations.ts';
import type { Entries } from '../support/kubeadm/entries.ts';
import { GOLDEN } from '../support/kubeadm/golden-files.ts';
import { makeConfiguration } from '../support/kubeadm/make-configuration.ts';
import { makeGolden } from '../support/kubeadm/make-golden.ts';
import { oraclePrograms } from '../support/kubeadm/oracle-programs.ts';
import { NEWEST_VERSION } from '../support/kubeadm/versions.ts';
import { directoryOfTests } from '../support/test-directory.ts';

const { minor: MINOR, version: VERSION } = NEWEST_VERSION;
const EVERY_TIME = CONFIGURATIONS.filter(({ costly }) => costly !== true);

let made: ReadonlyMap<string, Entries>;
const scratch = directoryOfTests();

beforeAll(async () => {
  made = await makeGolden(VERSION, EVERY_TIME, report);
});

it.each(EVERY_TIME.map(({ name }) => name))(`kubeadm ${MINOR} still does what golden data says: %s`, async (name) => {
  const { summary, differences } = await checkGolden({ minor: MINOR, configuration: name, entries: entriesOf(name) });
  report(summary);
  expect(differences).toEqual([]);
});

it('names version, configuration, file and field of golden data that was altered', async () => {
  await cp(GOLDEN, scratch, { recursive: true });
  const files = ['single/cp1/root/etc/kubernetes/manifests/etcd.yaml', 'single/cp1/files.yaml'].map((file) =>
    join(scratch, MINOR, file),
  );
  await alter(files[0], '--snapshot-count=10000', '--snapshot-count=10001');
  await alter(files[1], '/etc/kubernetes/admin.conf: file 0600 0:0', '/etc/kubernetes/admin.conf: file 0644 0:0');
  const verdict = await checkGolden({
    minor: MINOR,
    configuration: 'single',
    entries: entriesOf('single'),
    root: scratch,
  });
  expect(verdict.summary).toMatch(/^1\.36 single: .* compared, 2 differences$/);
  expect(verdict.differences).toEqual([
    '1.36 single cp1/files.yaml: "/etc/kubernetes/admin.conf": golden "file 0644 0:0", made "file 0600 0:0"',
    expect.stringMatching(
      /^1\.36 single cp1\/root\/etc\/kubernetes\/manifests\/etcd\.yaml: spec\.containers\[0\]\.command\[\d+\]: golden "--snapshot-count=10001", made "--snapshot-count=10000"$/,
    ),
  ]);
});

it('passes on what kubeadm says when it fails', async () => {
  const documents = [initConfiguration(), clusterConfiguration({ networking: { podSubnet: 'nonsense' } })];
  const broken = { name: 'broken', shows: 'a failure', hosts: [{ name: 'cp1', documents }] };
  const programs = await oraclePrograms(VERSION, {}, report);
  await expect(makeConfiguration(broken, programs)).rejects.toThrow(
    /cp1: kubeadm init .* exited with 1[\s\S]*couldn't parse subnet/,
  );
});

it('leaves no process behind when it is killed', async () => {
  const main = join(import.meta.dirname, '../support/kubeadm/main.ts');
  const child = execa(process.execPath, [main, '--check', '--version', VERSION, 'single-real-api'], {
    reject: false,
    all: true,
  });
  const pid = child.pid ?? 0;
  await until(async () => (await namesBelow(pid)).includes('kubeadm'));
  const processes = await below(pid);
  expect(processes.length).toBeGreaterThan(3);
  process.kill(pid, 'SIGKILL');
  await child;
  await until(async () => (await Promise.all(processes.map(isRunning))).every((running) => !running));
});

function entriesOf(name: string): Entries {
  const entries = made.get(name);
  if (entries === undefined) throw new Error(`${name} was not made`);
  return entries;
}

function report(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function alter(file = '', from = '', to = ''): Promise<void> {
  const text = await readFile(file, 'utf8');
  expect(text).toContain(from);
  await writeFile(file, text.replace(from, to));
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(50);
}

async function below(pid: number): Promise<number[]> {
  const { stdout } = await execa('ps', ['-e', '-o', 'pid=,ppid=']);
  const parents = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const found = [pid];
  for (const own of found) found.push(...parents.filter(([, parent]) => parent === own).map(([child = 0]) => child));
  return found.slice(1);
}

async function namesBelow(pid: number): Promise<string[]> {
  return Promise.all(
    (await below(pid)).map((own) =>
      readFile(`/proc/${own}/comm`, 'utf8').then(
        (name) => name.trim(),
        () => '',
      ),
    ),
  );
}

async function isRunning(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return state !== undefined && !/\) Z /.test(state);
}
