import type { ProgressEvent, RunFinished, RunStarted, StepProgress, StepSummary } from '../events/event.ts';
import { unreachable } from '../events/unreachable.ts';
import { counted } from '../events/words.ts';
import { mebibytes, pace, type Transfer } from './transfer.ts';

/** `screen`: what an operator follows; `verbose`: also the output of steps; `log`: everything. */
export type Detail = 'screen' | 'verbose' | 'log';

/** An event as a line of text, without its time; undefined when it is too detailed to be told. */
export function eventLine(event: ProgressEvent, detail: Detail): string | undefined {
  const text = line(event, detail);
  return text === undefined ? undefined : indented(text);
}

/** A text as one event: its further lines are indented, so that nothing in it passes for another event. */
export function indented(text: string): string {
  return text.trimEnd().replaceAll('\n', '\n    ');
}

function line(event: ProgressEvent, detail: Detail): string | undefined {
  switch (event.type) {
    case 'run-started':
      return `${event.command}: ${extent(event)}`;
    case 'steps-planned':
      return `planned: ${extent(event)}`;
    case 'step-started':
      return name(event.step);
    case 'step-progress':
      return detail === 'log' ? `${name(event.step)}: ${amount(event)}` : undefined;
    case 'step-waiting':
      return `${name(event.step)}: waiting for ${event.for} since ${event.since}${event.seen === undefined ? '' : `, last seen: ${event.seen}`}`;
    case 'step-output':
      return detail === 'screen' ? undefined : `${name(event.step)} | ${event.line}`;
    case 'step-retried':
      return `${name(event.step)}: attempt ${event.attempt} failed, next in ${seconds(event.nextInMs)}: ${event.why}`;
    case 'step-skipped':
      return `${name(event.step)}: skipped, ${event.why}`;
    case 'step-done':
      return `${name(event.step)}: ${event.changed === false ? 'already so' : 'done'}`;
    case 'step-failed':
      return `${name(event.step)}: failed, ${event.error.message}`;
    case 'warning':
      return `${event.host === undefined ? '' : `[${event.host}] `}warning: ${event.message}`;
    case 'run-stopping':
      return `${event.why} after the current step; Ctrl-C leaves at once`;
    case 'run-finished':
      return detail === 'log' ? `${finish(event)}${reasons(event)}` : finish(event);
    default:
      return unreachable(event);
  }
}

/** `3/10 packages`, or `3 packages` while nobody knows how many there will be. Bytes are told in MiB. */
function amount({ done, total, unit }: StepProgress): string {
  const text = unit === 'bytes' ? mebibytes : String;
  return `${text(done)}${total === undefined ? '' : `/${text(total)}`} ${unit === 'bytes' ? 'MiB' : unit}`;
}

/** The same, and of bytes how fast they come and how long the rest will take: `3.5/10.0 MiB, 1.2 MiB/s, 6 s left`. */
export function progress(event: StepProgress, transfer: Transfer): string {
  const words = [amount(event), event.unit === 'bytes' ? pace(transfer, event.total) : ''];
  return words.filter((word) => word !== '').join(', ');
}

export function seconds(milliseconds: number): string {
  return milliseconds < 9_950 ? `${(milliseconds / 1000).toFixed(1)} s` : `${Math.round(milliseconds / 1000)} s`;
}

export function name({ host, title }: StepSummary): string {
  return host === undefined ? title : `[${host}] ${title}`;
}

/** Of a run whose steps on hosts are not known yet, that more will come. */
function extent({ steps, hosts: later = [] }: Pick<RunStarted, 'steps' | 'hosts'>): string {
  const hosts = new Set(steps.flatMap(({ host }) => host ?? []));
  const onHosts = hosts.size === 0 ? '' : ` on ${counted(hosts.size, 'host')}`;
  const more = later.length === 0 ? '' : ', then those that are planned';
  return `${counted(steps.length, 'step')}${onHosts}${more}`;
}

function finish({ command, outcome, summary }: RunFinished): string {
  const parts = [
    part(summary.changed, 'changed'),
    part(summary.alreadySo, 'already so'),
    part(summary.skipped, 'skipped'),
    part(summary.failed, 'failed'),
    summary.warnings === 0 ? [] : counted(summary.warnings, 'warning'),
  ].flat();
  const details = parts.length === 0 ? 'nothing changed' : parts.join(', ');
  return `${command}: ${outcome} after ${seconds(summary.durationMs)}: ${details}`;
}

function part(count: number, what: string): string[] {
  return count === 0 ? [] : [`${count} ${what}`];
}

/** The whole story for the log file: long forms of the causes and the stack, which the screen does without. */
function reasons({ error }: RunFinished): string {
  if (error === undefined) return '';
  const causes = error.causes.map(({ message, details }) => `why: ${details ?? message}`);
  return ['', `${error.code}: ${error.message}`, error.where, ...causes, error.stack, error.hint]
    .filter((text) => text !== undefined)
    .join('\n');
}
