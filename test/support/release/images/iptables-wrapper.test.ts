import { chmod, readlink, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeEach, expect, test } from 'vitest';
import { directoryOfTest } from '../../test-directory.ts';
import { WRAPPER } from './iptables-wrapper.ts';

let folder: string;

beforeEach(async () => {
  folder = await directoryOfTest();
  await program('iptables-wrapper', WRAPPER);
  await symlink('iptables-wrapper', join(folder, 'iptables'));
  for (const name of ['iptables-nft', 'iptables-legacy']) await program(name, `#!/bin/sh\necho ${name} "$@"\n`);
});

const HINT = '*mangle\n:KUBE-IPTABLES-HINT - [0:0]\nCOMMIT';
const CANARY = '*mangle\n:KUBE-KUBELET-CANARY - [0:0]\nCOMMIT';
const RULE = '*filter\n-A INPUT -j ACCEPT\nCOMMIT';

test.each([
  ['nft where the kubelet left its hint there', { nft: HINT, legacy: RULE }, 'nft'],
  ['legacy where the kubelet left its hint there', { nft: RULE, legacy: HINT }, 'legacy'],
  ["legacy where an older kubelet's canary is", { nft: '', legacy: CANARY }, 'legacy'],
  ['legacy where only legacy has rules', { nft: '', legacy: RULE }, 'legacy'],
  ['nft where both have as many rules', { nft: RULE, legacy: RULE }, 'nft'],
  ['nft where there is no rule at all', { nft: '', legacy: '' }, 'nft'],
])('takes %s', async (_, saved, backend) => {
  await saves(saved);
  const { stdout } = await execa(join(folder, 'iptables'), ['-L', 'a b'], { env: { PATH: `${folder}:/usr/bin:/bin` } });
  expect(stdout).toBe(`iptables-${backend} -L a b`);
  expect(await readlink(join(folder, 'ip6tables-restore'))).toBe(`ip6tables-${backend}-restore`);
});

async function saves(saved: { readonly nft: string; readonly legacy: string }): Promise<void> {
  for (const [backend, text] of Object.entries(saved)) {
    for (const family of ['iptables', 'ip6tables']) {
      const out = family === 'iptables' ? text : '';
      await program(`${family}-${backend}-save`, `#!/bin/sh\ncat <<'END'\n${out}\nEND\n`);
    }
  }
}

async function program(name: string, content: string): Promise<void> {
  await writeFile(join(folder, name), content);
  await chmod(join(folder, name), 0o755);
}
