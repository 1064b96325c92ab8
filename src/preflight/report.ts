import { counted } from '../events/words.ts';
import type { Finding } from './check.ts';
import { stops } from './run-checks.ts';

/** What preflight gives to programs. */
export interface PreflightReport {
  /** Nothing stops a run. */
  readonly passed: boolean;
  readonly hosts: readonly HostReport[];
}

interface HostReport {
  readonly host: string;
  readonly errors: number;
  readonly warnings: number;
  readonly ignored: number;
  /** Errors first, then ignored ones, then warnings. */
  readonly findings: readonly Finding[];
}

/** The report on these hosts, those without findings included. */
export function preflightReport(hosts: readonly string[], findings: readonly Finding[]): PreflightReport {
  const reports = hosts.map((host) =>
    hostReport(
      host,
      findings.filter((finding) => finding.host === host),
    ),
  );
  return { passed: reports.every(({ errors }) => errors === 0), hosts: reports };
}

function hostReport(host: string, findings: readonly Finding[]): HostReport {
  const errors = findings.filter(stops);
  const ignored = findings.filter((finding) => finding.ignored);
  const warnings = findings.filter(({ severity }) => severity === 'warning');
  return {
    host,
    errors: errors.length,
    warnings: warnings.length,
    ignored: ignored.length,
    findings: [...errors, ...ignored, ...warnings],
  };
}

/** The report for people. Ends with a newline. */
export function preflightText({ passed, hosts }: PreflightReport): string {
  const blocks = hosts.map((report) =>
    [`${report.host}: ${counts(report)}`, ...report.findings.map(findingText)].join('\n\n'),
  );
  const ignorable = hosts
    .flatMap(({ findings }) => findings)
    .filter((each) => stops(each) && each.cannotBeIgnored === null);
  const names = [...new Set(ignorable.map(({ check }) => check))];
  const end = [
    ...(passed ? [] : ['Nothing was changed.']),
    ...(names.length === 0 ? [] : [`To go on all the same: --ignore-preflight-errors ${names.join(',')}`]),
  ];
  return `${[...blocks, ...(end.length === 0 ? [] : [end.join('\n')])].join('\n\n')}\n`;
}

function counts({ errors, warnings, ignored }: HostReport): string {
  const told = [
    ...(errors > 0 ? [counted(errors, 'error')] : []),
    ...(ignored > 0 ? [`${counted(ignored, 'error')} ignored`] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
  ];
  return told.length === 0 ? 'fit' : told.join(', ');
}

function findingText(finding: Finding): string {
  const { check, found, why, mend, cannotBeIgnored } = finding;
  const kind = finding.ignored ? 'ignored' : finding.severity;
  return [
    row(`  ${kind}`, `${check}: ${found}`),
    row('    why', why),
    row('    mend', mend),
    ...(cannotBeIgnored === null ? [] : [row('    always', `it cannot be ignored: ${cannotBeIgnored}`)]),
  ].join('\n');
}

const LABEL = 13;
const WIDTH = 120;

/** A label, and a text in lines beside it. What is longer than a line, a command say, stays whole. */
function row(label: string, text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && LABEL + longer.length > WIDTH) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line].map((each, index) => `${(index === 0 ? label : '').padEnd(LABEL)}${each}`).join('\n');
}
