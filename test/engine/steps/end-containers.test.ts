import { expect, test } from 'vitest';
import { endContainers } from '../../../src/engine/steps/end-containers.ts';
import { type Answer, actingHost } from '../../support/engine/acting-host.ts';

const FAILED = { exitCode: 1, stderr: 'ctr: context deadline exceeded' } as const;

/** A containerd with a pod of somebody else's as well. `refuses`: whether it fails to do that, asked for the nth time. */
function containerd(refuses: (deed: string, time: number) => boolean, unit = 'loaded') {
  const kept = { tasks: ['t1', 't2'], containers: ['c1', 'c2'], images: ['i1', 'i2'], namespaces: ['k8s.io', 'moby'] };
  const asked = new Map<string, number>();
  const run = (command: string, words: readonly string[]): Answer => {
    if (command.startsWith('systemctl show')) return `LoadState=${unit}\n`;
    if (words[0] !== 'ctr') return '';
    const [what = '', verb = '', ...rest] = words.slice(words.indexOf('--namespace') + 2);
    const deed = `${what} ${verb}`;
    const time = (asked.get(deed) ?? 0) + 1;
    asked.set(deed, time);
    if (refuses(deed, time)) return FAILED;
    const of = kept[what as keyof typeof kept];
    if (verb === 'list') return of.map((each) => `${each}\n`).join('');
    const isEmpty = kept.containers.length + kept.images.length === 0;
    if (deed === 'namespaces remove' && !isEmpty) return { exitCode: 1, stderr: 'namespace "k8s.io" must be empty' };
    kept[what as keyof typeof kept] = of.filter((each) => !rest.includes(each));
    return '';
  };
  return { kept, ...actingHost('/nonexistent', { run }) };
}

const step = { id: 's', host: 'node-1', title: '', reason: '', disrupts: null, kind: 'end-containers' } as const;
const inOthers = { ...step, namespace: 'k8s.io', keepsRuntime: true, deadlineSeconds: 10 } as const;
const never = () => false;

test('in a containerd of the owner nothing is left of ours, and what is of others stays', async () => {
  const { kept, context } = containerd(never);
  expect(await endContainers(inOthers, context)).toEqual({ changed: true });
  expect(kept).toEqual({ tasks: [], containers: [], images: [], namespaces: ['moby'] });
  expect(await endContainers(inOthers, context)).toEqual({ changed: false });
});

test.each(['tasks delete', 'containers delete', 'images remove', 'images list'])(
  'what fails once is done again: %s',
  async (failing) => {
    const { kept, context, told } = containerd((deed, time) => deed === failing && time <= 2);
    await endContainers(inOthers, context);
    expect(kept).toMatchObject({ containers: [], images: [], namespaces: ['moby'] });
    expect(told.join('\n')).toMatch(failing === 'tasks delete' ? /^$/ : /left/);
  },
);

test('what changes takes its time, what only asks does not', async () => {
  const { context, commands } = containerd(never);
  await endContainers(inOthers, context);
  const patience = (verb: RegExp) => [
    ...new Set(commands.filter((each) => verb.test(each)).map((each) => each.split(' ')[2])),
  ];
  expect(patience(/ (containers delete|remove) /)).toEqual(['2m']);
  // A task that does not end is killed afterwards.
  expect(patience(/ tasks delete /)).toEqual(['10s']);
  expect(patience(/^ctr .* list /)).toEqual(['10s']);
});

test('what is never emptied is told, with a way out', async () => {
  const { context } = containerd((deed) => deed === 'images remove');
  await expect(endContainers({ ...inOthers, deadlineSeconds: 0.05 }, context)).rejects.toMatchObject({
    code: 'STEP_FAILED',
    where: 'namespace k8s.io of containerd',
    hint: expect.stringContaining('ctr --namespace k8s.io'),
    cause: { message: expect.stringContaining('2 images') },
  });
});

test('a containerd of the owner that does not answer is told of, and one that is gone has nothing', async () => {
  const silent = containerd(() => true);
  await expect(endContainers({ ...inOthers, deadlineSeconds: 0.05 }, silent.context)).rejects.toMatchObject({
    hint: expect.stringContaining('systemctl status containerd'),
    cause: { message: expect.stringContaining('does not answer') },
  });
  const gone = containerd(() => true, 'not-found');
  expect(await endContainers(inOthers, gone.context)).toEqual({ changed: false });
});

test('what goes as a whole is not emptied', async () => {
  const { kept, context } = containerd(never);
  await endContainers({ ...inOthers, keepsRuntime: false }, context);
  expect(kept).toMatchObject({ containers: [], images: ['i1', 'i2'] });
});
