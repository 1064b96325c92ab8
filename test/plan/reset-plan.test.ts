import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ObservedLeftovers } from '../../src/plan/observed-leftovers.ts';
import { planText } from '../../src/plan/plan-text.ts';
import type { FilePossession, Possession } from '../../src/plan/possession.ts';
import { clusterTrees, ownTrees, sharedTrees } from '../../src/plan/reset-paths.ts';
import { quietingPlan, resetPlan } from '../../src/plan/reset-plan.ts';

const nothing: ObservedLeftovers = {
  hostname: 'cp1',
  processes: [],
  units: [],
  podProcesses: 0,
  containers: null,
  mounts: [],
  ownersMounts: [],
  network: [],
  packages: [],
  hasContainerd: false,
  heldPackages: [],
  rpmKeys: [],
  archiveKeys: [],
  users: [],
  settings: {},
  paths: [],
  cgroups: false,
};

const nevra = (name: string, version = '1') => ({ name, epoch: '0', version, release: '1', arch: 'x86_64' });
const path = (each: string): Possession => ({ what: 'path', path: each });

const MOUNT_UNIT = '/etc/systemd/system/srv-metalk8s-136.0.0.mount';
const LINK = { type: 'link', target: '/mnt/metalk8s', uid: 0, gid: 0 } as const;

function placed(each: string): FilePossession {
  return { what: 'file', path: each, before: null, ours: 'ab', placed: true };
}

const everything: ObservedLeftovers = {
  ...nothing,
  processes: ['7 salt-call'],
  units: ['containerd.service', 'kubelet.service', 'srv-metalk8s-136.0.0.mount'],
  podProcesses: 20,
  containers: { known: 10, images: 30 },
  cgroups: true,
  mounts: ['/var/lib/kubelet/pods/1/volumes/x'],
  network: ['interface vxlan.calico'],
  packages: [nevra('kubelet'), nevra('containerd.io'), nevra('socat', '2')],
  hasContainerd: true,
  heldPackages: ['containerd.io', 'kubelet'],
  rpmKeys: ['gpg-pubkey-00000001-1', 'gpg-pubkey-abababab-1', 'gpg-pubkey-00000002-1'],
  archiveKeys: ['AB'.repeat(20)],
  users: ['etcd'],
  settings: { 'net.ipv4.ip_forward': '1' },
  paths: [
    ...clusterTrees,
    ...ownTrees,
    '/opt/cni',
    '/opt/containerd',
    '/etc/containerd',
    '/etc/yum.repos.d/metalk8s-136.0.0.repo',
    MOUNT_UNIT,
    '/etc/systemd/system/swap.target',
    '/home/ada/.kube',
    '/home/ada/.kube/config',
  ],
};

const possessions: readonly Possession[] = [
  { what: 'packages-before', packages: ['bash-0:5-1.x86_64', 'socat-0:1-1.x86_64'] },
  { what: 'rpm-keys-before', keys: ['gpg-pubkey-00000001-1'] },
  { what: 'user', name: 'etcd' },
  { what: 'kernel-setting', name: 'net.ipv4.ip_forward', before: '0' },
  ...['/opt/cni', '/opt/containerd', '/etc/systemd/system/swap.target'].map(path),
  placed('/etc/containerd/config.toml'),
  { ...placed('/usr/local/bin/metalk8s'), before: LINK },
  ...['/home/ada/.kube', '/home/ada/.kube/config', '/etc/kubernetes', '/etc/gone'].map(path),
];

describe('of a host with a cluster', () => {
  const plan = resetPlan({ leftovers: everything, possessions, begun: true, version: '136.0.0' });
  const step = (id: string) => plan.steps.find((each) => each.id === id);

  test('ends first what would make anew what is taken away, and removes last what says what there is to undo', () => {
    expect(plan.steps.map(({ id }) => id)).toEqual([
      'end-processes',
      'remove-/home/ada/.kube/config',
      'stop-kubelet',
      'end-containers',
      'stop-containerd',
      'unmount-volumes',
      'clear-network',
      'restore-settings',
      'release-holds',
      'remove-packages',
      'remove-rpm-keys',
      'remove-users',
      'restore-files',
      'remove-files',
      'reload-units',
      'unmount-archives',
      'remove-command',
      'remove-own',
      'forget-archives',
    ]);
    expect(plan.kubernetes).toBeNull();
  });

  test('what is at work is ended before the rest is planned', () => {
    expect(quietingPlan(plan)?.steps.map(({ id }) => id)).toEqual(['end-processes']);
    const quiet = resetPlan({
      leftovers: { ...everything, processes: [] },
      possessions,
      begun: true,
      version: '136.0.0',
    });
    expect(quietingPlan(quiet)).toBeUndefined();
  });

  test('removes packages and keys that came with us, not what was updated or somebody else has brought', () => {
    expect(step('remove-packages')).toMatchObject({ packages: ['kubelet-0:1-1.x86_64', 'containerd.io-0:1-1.x86_64'] });
    expect(step('remove-rpm-keys')).toMatchObject({ keys: ['gpg-pubkey-abababab-1'] });
  });

  test('has all by which the program is started until nothing is left that may fail', () => {
    const ids = plan.steps.map(({ id }) => id);
    const program = [MOUNT_UNIT, '/usr/local/bin/metalk8s', '/srv/metalk8s'];
    const early = plan.steps.slice(0, ids.indexOf('unmount-archives'));
    for (const each of program) expect(JSON.stringify(early)).not.toContain(each);
    expect(step('remove-command')).toMatchObject({ files: [{ path: '/usr/local/bin/metalk8s', before: LINK }] });
    expect(step('remove-own')).toMatchObject({ trees: [MOUNT_UNIT, ...ownTrees] });
  });

  test('puts back what ours had replaced, before containerd reads it', () => {
    const before = { type: 'file', copy: '/var/lib/metalk8s/before/x', mode: 0o600, uid: 0, gid: 0 } as const;
    const entry: Possession = { ...placed('/etc/containerd/config.toml'), before, placed: false };
    const had: Possession = { what: 'packages-before', packages: ['containerd.io-0:1-1.x86_64'] };
    const { steps } = resetPlan({ leftovers: everything, possessions: [had, entry], begun: true, version: '136.0.0' });
    const at = (id: string) => steps.findIndex((each) => each.id === id);
    const { what: _, ...file } = entry;
    expect(steps[at('restore-files')]).toMatchObject({ files: [file] });
    expect(steps[at('reload-units')]).toMatchObject({ restarts: ['containerd.service'] });
    expect(at('restore-files')).toBeLessThan(at('reload-units'));
    // Folders go when nothing is in them any more.
    expect(at('restore-files')).toBeLessThan(at('remove-files'));
  });

  test('takes what is in a folder that was not there, or has our name, for ours', () => {
    const unplaced = (each: string): Possession => ({ ...placed(each), placed: false });
    const paths = ['/etc/apart/x', '/etc/yum.repos.d/metalk8s-1.repo', '/etc/crictl.yaml', '/opt/cni/x'];
    const had = [path('/etc/apart'), path('/opt/cni'), ...paths.map(unplaced)];
    const { steps } = resetPlan({ leftovers: everything, possessions: had, begun: true, version: '136.0.0' });
    const restoring = steps.find(({ id }) => id === 'restore-files');
    if (restoring?.kind !== 'restore-files') throw new Error('no files are restored');
    expect(restoring.files.map((each) => [each.path, each.placed])).toEqual([
      ['/etc/apart/x', true],
      ['/etc/yum.repos.d/metalk8s-1.repo', true],
      ['/etc/crictl.yaml', false],
    ]);
  });

  test('removes shared folders where nobody had them, and elsewhere what is ours in them', () => {
    const removal = step('remove-files');
    if (removal?.kind !== 'remove-paths') throw new Error('no paths are removed');
    expect(removal.trees).toContain('/opt/cni');
    expect(removal.trees).toContain('/etc/yum.repos.d/metalk8s-136.0.0.repo');
    expect(removal.trees).not.toContain('/etc/containerd');
    expect(removal.ours).toEqual(['/etc/systemd/system/swap.target', '/home/ada/.kube']);
    expect(step('restore-files')).toMatchObject({ files: [{ path: '/etc/containerd/config.toml', placed: true }] });
    expect(step('reload-units')).toMatchObject({ starts: ['swap.target'], restarts: [] });
  });

  test('tells all of it to people', () => {
    const text = planText(plan);
    expect(text).toMatch(/^reset of metalk8s 136\.0\.0: 19 steps/);
    for (const words of [
      'package kubelet-0:1-1.x86_64',
      'user and group etcd',
      'kernel setting net.ipv4.ip_forward = 0',
    ]) {
      expect(text).toContain(words);
    }
  });
});

test('a containerd that was there before stays, without what was ours in it', () => {
  const had: Possession = { what: 'packages-before', packages: ['containerd.io-0:2.0-1.x86_64'] };
  const { steps } = resetPlan({
    leftovers: everything,
    possessions: [had, path('/opt/cni')],
    begun: true,
    version: '136.0.0',
  });
  expect(steps.map(({ id }) => id)).not.toContain('stop-containerd');
  expect(steps.find(({ id }) => id === 'end-containers')).toMatchObject({ keepsRuntime: true });
  expect(steps.find(({ id }) => id === 'remove-packages')).toMatchObject({
    packages: ['kubelet-0:1-1.x86_64', 'socat-0:2-1.x86_64'],
  });
  expect(steps.find(({ id }) => id === 'reload-units')).toMatchObject({ restarts: ['containerd.service'] });
});

test('images alone are taken out of a containerd that was there before, and go with one that was not', () => {
  const leftovers = { ...nothing, containers: { known: 0, images: 30 } };
  const ends = (noted: readonly Possession[]) =>
    resetPlan({ leftovers, possessions: noted, begun: true, version: '136.0.0' }).steps.map(({ id }) => id);
  expect(ends([{ what: 'packages-before', packages: ['containerd.io-0:2.0-1.x86_64'] }])).toEqual(['end-containers']);
  expect(ends([{ what: 'packages-before', packages: [] }])).toEqual([]);
  // Nothing was installed yet: they are of somebody else.
  expect(ends([])).toEqual([]);
});

describe('a containerd that came since, and not from an archive of ours', () => {
  const made = ['/etc/containerd', '/opt/containerd', '/run/containerd', '/run/nri', '/var/lib/containerd'];
  const leftovers: ObservedLeftovers = {
    ...everything,
    packages: [nevra('kubelet')],
    paths: [...ownTrees, ...made, '/opt/cni', '/etc/kubernetes'],
  };
  const noted = [...made.map(path), path('/opt/cni'), { ...placed('/etc/containerd/config.toml'), placed: false }];
  const none: Possession = { what: 'packages-before', packages: ['bash-0:5-1.x86_64'] };

  test.each([
    ['after a transaction of ours', [none]],
    ['before any', []],
  ])('%s: it stays at work, with all that it has', (_, before) => {
    const { steps } = resetPlan({ leftovers, possessions: [...before, ...noted], begun: true, version: '136.0.0' });
    expect(steps.map(({ id }) => id)).not.toContain('stop-containerd');
    expect(steps.find(({ id }) => id === 'end-containers')).toMatchObject({ keepsRuntime: true });
    expect(steps.find(({ id }) => id === 'remove-files')).toMatchObject({
      trees: ['/etc/kubernetes', '/opt/cni'],
      ours: [],
    });
    expect(steps.find(({ id }) => id === 'restore-files')).toMatchObject({ files: [{ placed: false }] });
    expect(steps.find(({ id }) => id === 'reload-units')).toMatchObject({ restarts: ['containerd.service'] });
  });

  test('what ours has left goes where there is no package, though its unit may lie there after a power cut', () => {
    const gone = { ...leftovers, hasContainerd: false };
    const { steps } = resetPlan({ leftovers: gone, possessions: [none, ...noted], begun: true, version: '136.0.0' });
    expect(steps.find(({ id }) => id === 'remove-files')).toMatchObject({ trees: expect.arrayContaining(made) });
    expect(steps.find(({ id }) => id === 'end-containers')).toMatchObject({ keepsRuntime: false });
  });
});

test('a reset that was killed once the mask of swap was gone starts swap the next time', () => {
  const leftovers = { ...nothing, paths: [...ownTrees] };
  const { steps } = resetPlan({ leftovers, possessions, begun: true, version: '136.0.0' });
  const ids = ['restore-files', 'reload-units', 'remove-command', 'remove-own'];
  expect(steps.map(({ id }) => id)).toEqual(ids);
  expect(steps[1]).toMatchObject({ starts: ['swap.target'] });
});

test('where nothing is left there is nothing to do, whatever is noted', () => {
  expect(resetPlan({ leftovers: nothing, possessions, begun: true, version: '136.0.0' }).steps).toEqual([]);
});

test('without what the host had before, no package, key or shared folder is removed', () => {
  const { steps } = resetPlan({
    leftovers: { ...everything, archiveKeys: [] },
    possessions: [],
    begun: true,
    version: '136.0.0',
  });
  expect(steps.map(({ id }) => id)).not.toContain('remove-packages');
  expect(steps.map(({ id }) => id)).not.toContain('remove-rpm-keys');
  const removed = steps.flatMap((step) => (step.kind === 'remove-paths' ? [...step.trees, ...step.ours] : []));
  expect(removed.filter((each) => sharedTrees.some((tree) => tree === each))).toEqual([]);
});

test('on a host where nothing of ours was ever begun, only what has our name is removed', () => {
  const { steps } = resetPlan({ leftovers: everything, possessions: [], begun: false, version: '136.0.0' });
  expect(steps.map(({ id }) => id)).toEqual([
    'end-processes',
    'remove-files',
    'unmount-archives',
    'remove-own',
    'forget-archives',
  ]);
  expect(steps.find(({ id }) => id === 'remove-files')).toMatchObject({
    trees: ['/etc/yum.repos.d/metalk8s-136.0.0.repo'],
    ours: [],
  });
});

test.each([
  { paths: [MOUNT_UNIT] },
  { paths: ['/etc/yum.repos.d/metalk8s-136.0.0.repo'] },
  { units: ['srv-metalk8s-136.0.0.mount'] },
])('what the reset itself writes goes where nothing was begun, and nothing but %j was there', (found) => {
  const leftovers = { ...nothing, ...found };
  const { steps } = resetPlan({ leftovers, possessions: [], begun: false, version: '136.0.0' });
  const removal = steps.find(({ id }) => id === 'remove-own');
  if (removal?.kind !== 'remove-paths') throw new Error('nothing of our own is removed');
  expect(removal.trees).toContain('/var/lib/metalk8s');
});

test('a volume that the owner has mounted in what would go stops it before anything is changed', () => {
  const leftovers = { ...everything, ownersMounts: ['/var/lib/kubelet/pods'] };
  expect(() => resetPlan({ leftovers, possessions, begun: true, version: '136.0.0' })).toThrow('/var/lib/kubelet/pods');
  expect(() => resetPlan({ leftovers, possessions: [], begun: false, version: '136.0.0' })).not.toThrow();
});

test.each([
  ['in containerd’s folder', '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs', [], true],
  ['in containerd’s folder, where that stays', '/var/lib/containerd/x', ['containerd.io-0:2.0-1.x86_64'], false],
  ['of running containers', '/run/containerd/io.containerd.grpc.v1.cri/x', ['containerd.io-0:2.0-1.x86_64'], true],
  ['in a folder that nobody had', '/opt/cni/bin', [], true],
  ['in a folder that was there before', '/var/log/pods/x', [], false],
  ['in a folder of ours', '/var/lib/metalk8s/x', [], true],
  ['elsewhere', '/var/lib/kubelet', [], false],
])('a volume of /etc/fstab %s', (_, point, packages, stops) => {
  const noted: readonly Possession[] = [
    { what: 'packages-before', packages },
    ...(packages.length === 0 ? ['/var/lib/containerd', '/opt/cni'] : ['/opt/cni']).map(path),
  ];
  const plan = () =>
    resetPlan({ leftovers: { ...everything, ownersMounts: [point] }, possessions: noted, begun: true, version: '1' });
  if (stops) expect(plan).toThrow(point);
  else expect(plan).not.toThrow();
});

test('the lock of whoever looks is nothing to undo', () => {
  const leftovers = { ...nothing, paths: ['/run/metalk8s'] };
  expect(resetPlan({ leftovers, possessions: [], begun: true, version: '136.0.0' }).steps).toEqual([]);
});

test('where others have containers, only what is mounted for ours is unmounted', () => {
  const had: Possession = { what: 'packages-before', packages: ['containerd.io-0:2.0-1.x86_64'] };
  const mounted = (point: string) => ({ ...nothing, mounts: [point] });
  const unmounts = (point: string, possessions: readonly Possession[]) =>
    resetPlan({ leftovers: mounted(point), possessions, begun: true, version: '136.0.0' }).steps.length > 0;
  const none: Possession = { what: 'packages-before', packages: [] };
  const theirs = '/run/containerd/io.containerd.runtime.v2.task/moby/1/rootfs';
  expect(unmounts(theirs, [had])).toBe(false);
  expect(unmounts(theirs, [none])).toBe(true);
  expect(unmounts('/run/containerd/io.containerd.runtime.v2.task/k8s.io/1/rootfs', [had])).toBe(true);
  expect(unmounts('/run/netns/cni-1', [had])).toBe(true);
  expect(unmounts('/run/netns/mine', [none])).toBe(false);
  expect(unmounts('/var/lib/kubelet', [none])).toBe(false);
});

test('what an administrator wrote is never removed, and nothing outside of what is ours or noted', () => {
  const mine = ['/etc/metalk8s', '/etc/metalk8s/bootstrap.yaml', '/etc/metalk8s/trust', '/etc', '/', '/home/ada'];
  const any = fc.constantFrom(...everything.paths, ...mine);
  fc.assert(
    fc.property(fc.uniqueArray(any), fc.uniqueArray(fc.constantFrom(...possessions)), (paths, noted) => {
      const { steps } = resetPlan({
        leftovers: { ...everything, paths },
        possessions: noted,
        begun: true,
        version: '136.0.0',
      });
      const removed = steps.flatMap((step) => (step.kind === 'remove-paths' ? [...step.trees, ...step.ours] : []));
      expect(removed.filter((each) => mine.includes(each))).toEqual([]);
      expect(new Set(removed).size).toBe(removed.length);
    }),
  );
});
