import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { hasPodCgroups, removePodCgroups } from '../../../src/engine/leftovers/cgroups.ts';
import { actingHost } from '../../support/engine/acting-host.ts';
import { inTemporaryDirectory } from '../../support/temporary-directory.ts';

const IN_CONTAINER = ['systemd', 'docker/5c/kubelet/kubepods/pod3', 'cpu/docker/5c/kubelet/kubepods/pod3'];

test.each([
  ['one hierarchy', ['kubepods.slice/kubepods-besteffort.slice/cri-containerd-3f.scope']],
  ['one for each controller', ['cpu/kubepods/burstable/pod1/3f', 'systemd/kubepods/burstable/pod1/3f']],
])('cgroups of pods go, those of a cluster in somebody’s container stay: %s', (_, ours) =>
  inTemporaryDirectory(async (root) => {
    const { context } = actingHost(root, {
      run: async (_, [program = '', ...words]) =>
        program === 'find' ? { stdout: (await execa(program, words, { reject: false })).stdout } : '',
    });
    for (const path of IN_CONTAINER) await mkdir(join(root, path), { recursive: true });
    const theirs = await readdir(root, { recursive: true });
    expect(await hasPodCgroups(context.host, root)).toBe(false);
    for (const path of ours) await mkdir(join(root, path), { recursive: true });
    expect(await hasPodCgroups(context.host, root)).toBe(true);
    await removePodCgroups(context.host, root);
    const left = await readdir(root, { recursive: true });
    expect(left.sort()).toEqual(theirs.sort());
  }),
);
