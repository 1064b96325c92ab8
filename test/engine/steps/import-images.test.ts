import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importImages } from '../../../src/engine/steps/import-images.ts';
import { type Answer, actingHost } from '../../support/engine/acting-host.ts';
import { inTemporaryDirectory } from '../../support/temporary-directory.ts';

const NGINX = 'sha256:bb0d5441dde908953fae7952e18a23b0a1af7f054005aa17be12de57b7dac271';
const PAUSE = 'sha256:c84e34919fac191b2bb38384b65884b228a888cca30c4b97bf662e6be2178d0e';
const step = {
  id: 'import',
  host: 'node-1',
  kind: 'import-images',
  title: '',
  reason: '',
  disrupts: null,
  layout: '/nowhere/images',
  images: [
    { reference: 'registry.k8s.io/pause:3.10.2', digest: PAUSE },
    { reference: `docker.io/library/nginx@${NGINX}`, digest: NGINX },
  ],
} as const;

const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const PINNED = 'io.cri-containerd.image=managed,io.cri-containerd.pinned=pinned';

/** `ctr images list` and `ctr images check` of containerd 2.2. */
const LIST = `REF                                                                                                             TYPE                                                 DIGEST                                                                  SIZE      PLATFORMS               LABELS
docker.io/library/nginx@${NGINX}                 ${MANIFEST}           ${NGINX} 4.9 MiB   linux/amd64             ${PINNED}
registry.k8s.io/kube-proxy:v1.36.3                                                                              ${MANIFEST}           ${NGINX} 30.1 MiB  linux/amd64             io.cri-containerd.image=managed
registry.k8s.io/pause:3.10.2                                                                                    ${INDEX}              ${PAUSE} 761.6 KiB linux/amd64,linux/arm64 ${PINNED}
registry.k8s.io/pause@${PAUSE}                   ${INDEX}              ${PAUSE} 761.6 KiB linux/amd64,linux/arm64 ${PINNED}
`;
const CHECK = `REF                                                                                                             TYPE                                                 DIGEST                                                                  STATUS         SIZE                UNPACKED
docker.io/library/nginx@${NGINX}                 ${MANIFEST}           ${NGINX} complete (2/2) 4.9 MiB/4.9 MiB     true
registry.k8s.io/pause:3.10.2                                                                                    ${INDEX}              ${PAUSE} complete (2/2) 760.8 KiB/760.8 KiB true
registry.k8s.io/pause@${PAUSE}                   ${INDEX}              ${PAUSE} complete (2/2) 760.8 KiB/760.8 KiB true
`;

function containerd(list: string, check = CHECK) {
  return (command: string): Answer =>
    command.endsWith(' list')
      ? list
      : command.endsWith(' check')
        ? check
        : command.startsWith('uname')
          ? 'x86_64\n'
          : '';
}

test('images that are there, pinned and whole are left alone, and what a killed run has left is removed', () =>
  inTemporaryDirectory(async (directory) => {
    const { context, commands } = actingHost(directory, { run: containerd(LIST) });
    await context.host.files.ensureDirectory({ path: '/var/lib/metalk8s', mode: 0o700, uid: 0, gid: 0 });
    for (const name of ['seed-images.tar', 'seed-images.tar.partial'])
      await writeFile(join(directory, 'var/lib/metalk8s', name), 'half');
    expect(await importImages(step, context)).toEqual({ changed: false });
    expect(commands).toEqual([
      'ctr --timeout 2m --namespace k8s.io images list',
      'ctr --timeout 2m --namespace k8s.io images check',
    ]);
    expect(await readdir(join(directory, 'var/lib/metalk8s'))).toEqual([]);
  }));

test.each([
  ['there under one name alone', LIST.replace(/^registry.k8s.io\/pause@.*\n/m, ''), CHECK],
  ['another image', LIST.replace(new RegExp(`^(docker.*)${NGINX} `, 'm'), `$1${PAUSE} `), CHECK],
  ['not pinned', LIST.replace(`linux/amd64             ${PINNED}`, 'linux/amd64             -'), CHECK],
  ['not whole', LIST, CHECK.replace('complete (2/2) 4.9 MiB/4.9 MiB  ', 'incomplete (1/2) 0.1 MiB/4.9 MiB')],
  ['not unpacked', LIST, CHECK.replace('4.9 MiB/4.9 MiB     true', '4.9 MiB/4.9 MiB     false')],
])('one that is %s is imported', (_, list, check) =>
  inTemporaryDirectory(async (directory) => {
    const { context } = actingHost(directory, { run: containerd(list, check) });
    // As far as the layout, which is not there.
    await expect(importImages(step, context)).rejects.toMatchObject({
      code: 'VERIFICATION_FAILED',
      where: step.layout,
    });
  }),
);

test('a containerd that does not answer is told', () =>
  inTemporaryDirectory(async (directory) => {
    const stderr = 'ctr: cannot access socket /run/containerd/containerd.sock: no such file or directory\n';
    const { context } = actingHost(directory, { run: () => ({ exitCode: 1, stderr }) });
    await expect(importImages(step, context)).rejects.toMatchObject({
      code: 'STEP_FAILED',
      hint: expect.stringContaining('systemctl status containerd'),
      cause: { message: `exit status 1: ${stderr.trim()}` },
    });
  }));
