/**
 * When a process began, in clock ticks since the host was started: field 22 of `/proc/PID/stat`, see proc(5). With its pid it tells a process
 * from a later one. Undefined for one that has ended and is only waited for, and for a text that says no such thing.
 */
export function processStart(stat: string): string | undefined {
  // The command name (field 2) is in parentheses and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}
