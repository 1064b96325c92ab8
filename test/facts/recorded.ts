import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a real tool printed: `recorded('ss', 'double')` is `recorded/ss/double.txt`. */
export function recorded(tool: string, name: string): string {
  return readFileSync(join(import.meta.dirname, 'recorded', tool, `${name}.txt`), 'utf8');
}

/** The same, of answers whose fields each end with NUL. */
export function recordedFields(tool: string, name: string): readonly string[] {
  return recorded(tool, name).split('\0').slice(0, -1);
}
