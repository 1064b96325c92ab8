import { expect, test } from 'vitest';
import { presentError } from '../../src/errors/present-error.ts';

test('tells what failed, where, why, what to do, the log and how to resume', () => {
  expect(
    presentError({
      code: 'STEP_FAILED',
      exit: 8,
      message: 'packages were not installed',
      where: 'node-1: dnf install kubelet',
      causes: [{ message: 'exit status 1', details: 'exit status 1\nlong' }, { message: 'disk full\non /var' }],
      hint: 'Make room.',
      logFile: '/var/log/metalk8s/run.log',
      resume: 'metalk8s bootstrap',
    }),
  ).toBe(
    [
      'Error:  packages were not installed',
      'Where:  node-1: dnf install kubelet',
      'Why:    exit status 1',
      'Why:    disk full',
      '        on /var',
      'To do:  Make room.',
      'Log:    /var/log/metalk8s/run.log',
      'Resume: metalk8s bootstrap',
      '',
    ].join('\n'),
  );
});

test('leaves out what is not known', () => {
  expect(presentError({ code: 'USAGE', exit: 2, message: 'no', causes: [] })).toBe('Error:  no\n');
});
