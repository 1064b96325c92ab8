import { expect, test } from 'vitest';
import { reportError } from '../../src/errors/error-report.ts';
import { MetalK8sError } from '../../src/errors/metalk8s-error.ts';

test('an error of ours becomes data, without a stack', () => {
  const cause = new Error('connect ECONNREFUSED 10.0.0.1:22');
  const error = new MetalK8sError('HOST_UNREACHABLE', 'node-1 cannot be reached', {
    where: 'node-1 (10.0.0.1:22)',
    hint: 'Start sshd.',
    cause,
  });
  expect(reportError(error, { logFile: '/var/log/x.log', resume: 'metalk8s add-node node-1' })).toEqual({
    code: 'HOST_UNREACHABLE',
    exit: 6,
    message: 'node-1 cannot be reached',
    where: 'node-1 (10.0.0.1:22)',
    causes: [{ message: 'connect ECONNREFUSED 10.0.0.1:22' }],
    hint: 'Start sshd.',
    logFile: '/var/log/x.log',
    resume: 'metalk8s add-node node-1',
  });
});

test('anything else is a defect, with its stack and how to report it', () => {
  const report = reportError(new TypeError('x is not a function'));
  expect(report).toMatchObject({ code: 'INTERNAL', exit: 1, message: 'x is not a function' });
  expect(report.stack).toContain('error-report.test.ts');
  expect(report.hint).toContain('metalk8s version -o json');
});

test.each([
  ['a text', 'a text'],
  [undefined, 'undefined'],
  [new RangeError(), 'RangeError'],
])('whatever is thrown is told: %s', (thrown, message) => {
  expect(reportError(thrown)).toMatchObject({ code: 'INTERNAL', message });
});

test('causes are told outermost first, members of an aggregate one after another', () => {
  const inner = new AggregateError([new Error('first'), new Error('second', { cause: 'its reason' })], 'both failed');
  const error = new MetalK8sError('PARTLY_DONE', 'two failed', { cause: inner });
  expect(reportError(error).causes.map(({ message }) => message)).toEqual([
    'both failed',
    'first',
    'second',
    'its reason',
  ]);
});

test('a circle of causes ends', () => {
  const error = new Error('outer');
  error.cause = new Error('inner', { cause: error });
  expect(reportError(error).causes).toEqual([{ message: 'inner' }]);
});

test('a failed subprocess keeps its short message apart from the one with its output', () => {
  const cause = Object.assign(new Error('Command failed: false\noutput\noutput'), {
    shortMessage: 'Command failed: false',
  });
  expect(reportError(new MetalK8sError('STEP_FAILED', 'x', { cause })).causes).toEqual([
    { message: 'Command failed: false', details: 'Command failed: false\noutput\noutput' },
  ]);
});
