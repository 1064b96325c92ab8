import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readAnswers } from '../../src/facts/answers.ts';
import { observeHost } from '../../src/facts/gather.ts';
import { preflightQuestions } from '../../src/facts/preflight-questions.ts';
import { questionArguments } from '../../src/facts/question-arguments.ts';
import type { Host } from '../../src/hosts/host.ts';
import { localHost } from '../../src/hosts/local-host.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';
import { recorded } from './recorded.ts';

const host = localHost('node1');
const never = new AbortController().signal;
const script = await readFile(join(import.meta.dirname, '../../templates/facts/observe.sh'), 'utf8');

describe('observing this machine', () => {
  test('tells what every Linux machine has, and leaves nothing', async () => {
    await inTemporaryDirectory(async (directory) => {
      const before = Date.now();
      const observed = await observeHost(
        host,
        { ...preflightQuestions, etcdDirectory: join(directory, 'var/lib/etcd'), environment: ['HTTPS_PROXY', 'HOME'] },
        never,
      );
      expect(observed.hostname).toBe(hostname().toLowerCase());
      expect(observed.cpus).toBeGreaterThan(0);
      expect(observed.memoryBytes).toBeGreaterThan(2 ** 28);
      expect(observed.system.user).toEqual({ uid: 0, name: 'root' });
      expect(observed.administrator).toEqual({ name: 'root', group: 'root', home: '/root' });
      expect(observed.network.interfaces.find(({ name }) => name === 'lo')?.addresses).toContain('127.0.0.1/8');
      expect(observed.network.localhost).toContain('127.0.0.1');
      expect(observed.fileSystems.map(({ path }) => path)).toEqual(preflightQuestions.fileSystems);
      expect(observed.etcdWriteLatencies?.length).toBeGreaterThan(0);
      expect(observed.programs).toMatchObject({ tar: '/usr/bin/tar' });
      expect(observed.proxyVariables).toContain('HTTPS_PROXY');
      expect(observed.proxyVariables).not.toContain('HOME');
      expect(Object.keys(observed.kernel.settings)).toEqual(preflightQuestions.settings);
      expect(observed.clock.epochMs).toBeGreaterThanOrEqual(before);
      expect(Math.abs(observed.clock.epochMs - observed.clock.askedMs)).toBeLessThanOrEqual(Date.now() - before);
      expect(await readdir(directory)).toEqual([]);
    });
  });

  test('follows patterns and links, and takes odd names as they are', async () => {
    await inTemporaryDirectory(async (directory) => {
      const odd = 'a b\nend\nsockets eA== 0';
      await mkdir(join(directory, 'full'));
      await mkdir(join(directory, 'empty'));
      await mkdir(join(directory, 'full', '*'));
      await writeFile(join(directory, 'full', odd), 'x');
      await symlink('/nowhere', join(directory, 'full', 'link'));
      const { files, leftovers, fileSystems, sockets } = await observeHost(
        host,
        {
          leftovers: [join(directory, 'full'), join(directory, 'empty'), join(directory, 'full/*'), '/not/here'],
          fileSystems: [join(directory, 'full', odd, 'below')],
          files: [join(directory, 'full'), join(directory, 'full', odd), '/not/here'],
        },
        never,
      );
      expect(leftovers).toEqual([
        { path: join(directory, 'full'), what: 'folder with 3 entries' },
        { path: join(directory, 'full', odd), what: 'file' },
        { path: join(directory, 'full/link'), what: 'symbolic link' },
      ]);
      expect(files).toEqual([join(directory, 'full', odd)]);
      expect(fileSystems).toHaveLength(1);
      expect(sockets).not.toContainEqual(expect.objectContaining({ address: 'x' }));
    });
  });

  test('measures no disk unless it is asked to', async () => {
    expect((await observeHost(host, {}, never)).etcdWriteLatencies).toBeNull();
  });

  test('ends when it is stopped', async () => {
    const reason = new Error('stopped');
    await expect(observeHost(host, {}, AbortSignal.abort(reason))).rejects.toThrow(reason);
  });
});

describe('a host that does not answer as it should', () => {
  const answering = (answer: Awaited<ReturnType<Host['run']>>): Host => ({
    ...host,
    name: 'node7',
    run: async () => answer,
  });

  test.each([
    [{ exitCode: 127, stdout: '', stderr: 'sh: head: not found\n' }, 'status 127: sh: head: not found'],
    [{ exitCode: 137, stdout: 'clock MQ== 0\n', stderr: '' }, 'status 137, before all was answered'],
    [{ exitCode: 0, stdout: 'clock MQ== 0\nend\n', stderr: '' }, 'it does not tell user, architecture'],
  ])('is named', async (answer, message) => {
    await expect(observeHost(answering(answer), {}, never)).rejects.toMatchObject({
      code: 'PREFLIGHT_FAILED',
      where: 'node7',
      message: expect.stringContaining(message),
    });
  });
});

describe.each(['dash', 'bash'])('the script in %s', (shell) => {
  const run = async (text: string, questions: readonly string[], stop = never) =>
    host.run([shell, '-s', '--', ...questions], { input: text, stop });

  test('answers every question once', async () => {
    const { stdout, exitCode, stderr } = await run(script, questionArguments({ leftovers: ['/etc/passwd'] }));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const answers = readAnswers(stdout);
    expect(answers?.fields('leftovers')).toEqual(['/etc/passwd', 'regular file', '0']);
    expect(stdout.match(/^\S+ \S* \d+$/gm)).toHaveLength(script.match(/^ +answer /gm)?.length ?? 0);
  });

  test('tells exclusions that count for every repository, and no passwords', async () => {
    await inTemporaryDirectory(async (directory) => {
      const [main, repository] = [join(directory, 'dnf.conf'), join(directory, 'kubernetes.repo')];
      await writeFile(main, recorded('dnf-conf', 'whole'));
      await writeFile(
        repository,
        '[kubernetes]\nenabled=1\nexclude=kubelet kubeadm kubectl cri-tools kubernetes-cni\n',
      );
      const placed = script.replaceAll('/etc/dnf/dnf.conf', main).replaceAll('/etc/yum.repos.d/*.repo', repository);
      const { stdout } = await run(`${placed.slice(0, placed.lastIndexOf('main '))}\npackage_exclusions\n`, []);
      expect(stdout).toBe(recorded('dnf-conf', 'double'));
    });
  });

  test('does nothing when it did not come whole', async () => {
    const { stdout } = await run(script.slice(0, script.lastIndexOf('main ')), questionArguments({}));
    expect(stdout).toBe('');
  });

  test('takes questions as values', async () => {
    await inTemporaryDirectory(async (directory) => {
      const mark = join(directory, 'mark');
      const bad = `$(touch ${mark});\`touch ${mark}\`;'touch ${mark}' & touch ${mark} #`;
      const kinds = [
        'path',
        'latency',
        'module',
        'setting',
        'option',
        'unit',
        'leftover',
        'program',
        'directory',
        'administrator',
        'probe',
      ];
      await run(
        script,
        kinds.map((kind) => `${kind}=${bad}`),
      );
      expect(await readdir(directory)).toEqual([]);
    });
  });

  test('leaves nothing when it is ended', async () => {
    await inTemporaryDirectory(async (directory) => {
      for (const afterMs of [10, 50]) {
        const stop = AbortSignal.timeout(afterMs);
        const questions = Array.from({ length: 3 }, (_, index) => `latency=${directory}/etcd${index}`);
        await run(
          `${script.slice(0, script.lastIndexOf('main '))}\nexec 4>&1\nanswer x write_latencies "$@"\n`,
          questions,
          stop,
        ).catch(() => undefined);
        expect(await readdir(directory)).toEqual([]);
      }
    });
  });
});
