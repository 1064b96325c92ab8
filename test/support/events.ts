import type { ErrorReport } from '../../src/errors/error-report.ts';
import type { ProgressEvent, RunStarted, StepSummary, TimedEvent } from '../../src/events/event.ts';

export const onNode1: StepSummary = { id: 'packages/installed', title: 'Install packages', host: 'node-1' };
export const local: StepSummary = { id: 'archive/mounted', title: 'Mount the archive' };

export const failure: ErrorReport = {
  code: 'STEP_FAILED',
  exit: 8,
  message: 'packages were not installed',
  causes: [{ message: 'exit status 1', details: 'exit status 1\nno space' }],
};

export const started: RunStarted = { type: 'run-started', command: 'bootstrap', steps: [local, onNode1] };

export function at(event: ProgressEvent, time = '2026-01-02T03:04:05.678Z'): TimedEvent {
  return { time, event };
}

/** A step for each host. */
export function stepsOn(hosts: readonly string[]): StepSummary[] {
  return hosts.map((host) => ({ ...onNode1, host }));
}
