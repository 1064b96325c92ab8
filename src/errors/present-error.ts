import type { ErrorReport } from './error-report.ts';

/** A failure as the last lines of a run: what failed, where, why, what to do next, the log, the command that resumes. */
export function presentError(report: ErrorReport): string {
  const rows: (readonly [string, string | undefined])[] = [
    ['Error', report.message],
    ['Where', report.where],
    ...report.causes.map(({ message }) => ['Why', message] as const),
    ['Stack', report.stack],
    ['To do', report.hint],
    ['Log', report.logFile],
    ['Resume', report.resume],
  ];
  return rows.map(([label, text]) => (text === undefined ? '' : row(label, text))).join('');
}

const labelWidth = 8;

function row(label: string, text: string): string {
  const lines = text.trimEnd().split('\n');
  return `${`${label}:`.padEnd(labelWidth)}${lines.join(`\n${' '.repeat(labelWidth)}`)}\n`;
}
