/** What a reset did. */
export interface ResetReport {
  readonly node: string;
  /** Null: there was nothing to undo. */
  readonly run: string | null;
  readonly changed: number;
  readonly steps: number;
  readonly seconds: number;
  /** What an administrator wrote, which stays. */
  readonly kept: readonly string[];
}

export function resetText({ node, run, changed, steps, seconds, kept }: ResetReport): string {
  if (run === null) return `Nothing to undo on ${node}.\n`;
  const rows = [
    ['Host', `${node} has nothing of the cluster any more`],
    ['Run', `${changed} of ${steps} steps changed something, in ${Math.round(seconds)} s`],
    ...(kept.length === 0 ? [] : [['Kept', kept.join(', ')]]),
  ];
  return `${rows.map(([label = '', value]) => `${label.padEnd(6)}${value}`).join('\n')}\n`;
}
