/** One thing that is wrong, or worth knowing, about a file that a person wrote. No secret ever stands in one. */
export type Finding = {
  readonly severity: 'error' | 'warning';
  /** What kind of mistake it is, in kebab case; stable, for programs. */
  readonly rule: string;
  /** Dotted path of the field, such as `networks.pods` or `archives[1]`; empty for the file as a whole. */
  readonly path: string;
  /** Position in the file; both count from 1, columns in UTF-16 code units. */
  readonly line: number;
  readonly column: number;
  /** What is wrong and what to do, without the path. */
  readonly message: string;
};

/** By position in the file; errors before warnings at the same place. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (a, b) =>
      a.line - b.line ||
      a.column - b.column ||
      a.severity.localeCompare(b.severity) ||
      a.path.localeCompare(b.path) ||
      a.message.localeCompare(b.message),
  );
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === 'error');
}

/** The line for people and editors: `FILE:LINE:COLUMN: error: PATH: MESSAGE`, as compilers write it. */
export function formatFinding(finding: Finding, fileName: string): string {
  const { line, column, severity, path, message } = finding;
  const subject = path === '' ? '' : `${path}: `;
  return `${fileName}:${line}:${column}: ${severity}: ${subject}${message}`;
}
