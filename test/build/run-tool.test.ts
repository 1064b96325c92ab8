import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { runTool, type Tool, type ToolRun, tryTool } from '../../src/build/run-tool.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

const shell: Tool = { program: 'sh', debian: 'dash', el: 'bash' };
const absent: Tool = { program: 'metalk8s-no-such-program', debian: 'deb-name', el: 'el-name' };

function script(text: string, changes: Partial<ToolRun> = {}): ToolRun {
  return { arguments: ['-c', text], env: process.env, stop: new AbortController().signal, ...changes };
}

test('gives the output byte for byte, and what was said', async () => {
  const { exitCode, stdout, stderr } = await runTool(shell, script("printf '\\377\\n\\n'; echo said >&2"));
  expect([exitCode, [...stdout], stderr]).toEqual([0, [0xff, 10, 10], 'said\n']);
});

test('the environment is the given one, in a language that can be read', async () => {
  const env = { PATH: process.env.PATH, LC_ALL: 'de_DE.UTF-8', MINE: 'yes' };
  const { stdout } = await runTool(shell, script('echo "$LC_ALL $MINE $HOME"', { env }));
  expect(String(stdout)).toBe('C.UTF-8 yes \n');
});

test('gives it input', async () => {
  const { stdout } = await runTool(shell, script('cat', { input: 'given' }));
  expect(String(stdout)).toBe('given');
  expect(String((await runTool(shell, script('cat'))).stdout)).toBe('');
});

test('a program ends with us, also when we are killed', () =>
  inTemporaryDirectory(async (directory) => {
    const file = join(directory, 'pid');
    const child = execa(process.execPath, [join(import.meta.dirname, 'fixtures/run-tool-forever.ts'), file], {
      reject: false,
    });
    const pid = await until(async () => Number(await readFile(file, 'utf8').catch(() => '')) || undefined);
    expect(await stateOf(pid)).toBe('S');
    child.kill('SIGKILL');
    await child;
    await until(async () => ((await stateOf(pid)) === 'S' ? undefined : true));
  }));

describe('failures', () => {
  test('a program that is not there is named with its packages', async () => {
    await expect(runTool(absent, script(''))).rejects.toMatchObject({
      code: 'PREFLIGHT_FAILED',
      message: expect.stringContaining('metalk8s-no-such-program'),
      hint: expect.stringMatching(/deb-name .*el-name/),
    });
  });

  test('a status tells the last lines', async () => {
    const failing = runTool(shell, script('for i in $(seq 100); do echo line $i >&2; done; exit 3'));
    await expect(failing).rejects.toMatchObject({
      code: 'STEP_FAILED',
      message: 'sh failed: exit status 3',
      cause: { message: expect.stringMatching(/^line 81\n(.*\n)*line 100$/) },
    });
    expect((await tryTool(shell, script('exit 3'))).exitCode).toBe(3);
  });

  test('a signal', async () => {
    await expect(runTool(shell, script('kill -9 $$'))).rejects.toThrow('sh failed: was killed');
  });

  test('too much output', async () => {
    await expect(runTool(shell, script('yes', { maxOutput: 100_000 }))).rejects.toThrow('sh failed: wrote too much');
  });

  test('a stop ends the program, and its reason is thrown', async () => {
    const stop = new AbortController();
    const started = script('echo $$; exec sleep 1000', { stop: stop.signal });
    const running = tryTool(shell, started);
    setImmediate(() => stop.abort(new Error('stopped by SIGINT')));
    await expect(running).rejects.toThrow('stopped by SIGINT');
    await expect(tryTool(absent, started)).rejects.toThrow('stopped by SIGINT');
  });
});

/** Its letter of proc(5), undefined for a process that is no more. */
async function stateOf(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return text?.slice(text.lastIndexOf(')') + 2, text.lastIndexOf(')') + 3);
}

async function until<Value>(look: () => Promise<Value | undefined>): Promise<Value> {
  for (const deadline = Date.now() + 10_000; ; await sleep(10)) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error('it did not come about within 10 seconds');
  }
}
