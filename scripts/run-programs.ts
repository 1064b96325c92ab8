import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

export interface Programs {
  /** Folder below the repository: each file in it is a program. */
  readonly folder: string;
  /** What one of them is called: `bench`. */
  readonly kind: string;
  /** Variables for them, beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The programs that a command line names, or all of them. Undefined when it names one that is not there: that has been told. */
export async function namedPrograms(
  { folder, kind }: Programs,
  wanted: readonly string[],
): Promise<readonly string[] | undefined> {
  const files = await readdir(join(import.meta.dirname, '..', folder));
  const known = files.filter((file) => file.endsWith('.ts')).map((file) => file.slice(0, -'.ts'.length));
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length === 0) return wanted.length > 0 ? wanted : known;
  process.stderr.write(`no such ${kind}: ${unknown.join(', ')}; there are ${known.join(', ')}\n`);
  return undefined;
}

/** Runs programs one after another; true when all of them ended well. */
export async function runPrograms({ folder, kind, env = {} }: Programs, names: readonly string[]): Promise<boolean> {
  let well = true;
  for (const name of names) {
    process.stdout.write(`\n== ${kind} ${name}\n`);
    const program = join(import.meta.dirname, '..', folder, `${name}.ts`);
    const result = await execa('node', [program], { preferLocal: true, stdio: 'inherit', env, reject: false });
    if (result.failed) well = false;
    process.stdout.write(`== ${kind} ${name}: ${result.failed ? 'failed' : 'ok'}\n`);
  }
  return well;
}
