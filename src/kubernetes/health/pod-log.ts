/** What a container wrote, of a line of its log as the runtime keeps it: `2026-11-21T21:55:07.1Z stderr F text`. A line of another form stays as it is. */
export function messageOfLogLine(line: string): string {
  return /^\d{4}-\S+ (?:stdout|stderr) [FP](?::\S+)? (.*)$/.exec(line)?.[1] ?? line;
}
