import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { CommandContext } from '../../src/cli/command.ts';
import { confirm, requireTerminal } from '../../src/cli/confirm.ts';
import { MetalK8sError } from '../../src/errors/metalk8s-error.ts';

function terminal(isTTY = true) {
  const stdin = Object.assign(new PassThrough(), { isTTY });
  const stderr = Object.assign(new PassThrough(), { isTTY });
  const stop = new AbortController();
  const context = { openStdin: () => stdin, stderr, stop: stop.signal } as unknown as CommandContext;
  return { stdin, stderr, stop, context, asked: () => String(stderr.read() ?? '') };
}

const confirmation = { warning: ['All data goes.'], word: 'cp1' };

test('the word goes on, whatever is around it', async () => {
  const { context, stdin, asked } = terminal();
  stdin.write(' cp1 \n');
  await confirm(context, confirmation);
  expect(asked()).toBe('All data goes.\nType cp1 to go on: ');
});

test.each(['\n', 'y\n', 'cp10\n', 'CP1\n'])('%j changes nothing', async (answer) => {
  const { context, stdin } = terminal();
  stdin.write(answer);
  await expect(confirm(context, confirmation)).rejects.toMatchObject({ code: 'USAGE' });
});

test('an end of input changes nothing', async () => {
  const { context, stdin } = terminal();
  stdin.end();
  await expect(confirm(context, confirmation)).rejects.toMatchObject({ code: 'USAGE' });
});

test('Ctrl-C ends with its reason', async () => {
  const { context, stop } = terminal();
  const reason = new MetalK8sError('INTERRUPTED', 'stopped by SIGINT');
  const asked = confirm(context, confirmation);
  setImmediate(() => stop.abort(reason));
  await expect(asked).rejects.toBe(reason);
});

test('nobody is asked where there is no terminal', () => {
  expect(() => requireTerminal(terminal().context)).not.toThrow();
  expect(() => requireTerminal(terminal(false).context)).toThrow('there is no terminal');
});
