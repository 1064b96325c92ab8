import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { existing } from '../../../src/engine/leftovers/paths.ts';
import { type Answer, actingHost } from '../../support/engine/acting-host.ts';
import { inTemporaryDirectory } from '../../support/temporary-directory.ts';

/** Of some paths that are laid, which are found, and which programs were run for it. */
function look(laid: readonly string[], asked: readonly string[], answer?: Answer) {
  return inTemporaryDirectory(async (root) => {
    for (const path of laid) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), '');
    }
    const { context, commands } = actingHost(root, answer === undefined ? {} : { run: () => answer });
    return { found: await existing(context.host, asked), commands };
  });
}

test('of paths and patterns, what is there, each once', async () => {
  const asked = ['/etc/a', '/etc/b', '/etc/c-*', '/etc/a', '/none/*'];
  const { found } = await look(['/etc/a', '/etc/c-1', '/etc/c-2', '/etc/c'], asked);
  expect([...found].sort()).toEqual(['/etc/a', '/etc/c-1', '/etc/c-2']);
});

const KUBECONFIG = '/home/ada/.kube/config';

test.each([
  ['is there', [KUBECONFIG], 0, [KUBECONFIG]],
  ['is not', [], 1, []],
  ['is on a server that does not answer', [KUBECONFIG], 124, []],
  ['is on one for which the question had to be killed', [KUBECONFIG], 137, []],
])('nobody waits for what is in a home: it %s', async (_, laid, exitCode, expected) => {
  const { found, commands } = await look(laid, [KUBECONFIG], { exitCode });
  expect(found).toEqual(expected);
  expect(commands).toEqual([`timeout --kill-after=5 30 test -e ${KUBECONFIG}`]);
});
