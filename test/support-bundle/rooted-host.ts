import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MetalK8sError } from '../../src/errors/metalk8s-error.ts';
import type { CommandResult, Host } from '../../src/hosts/host.ts';
import { localHost } from '../../src/hosts/local-host.ts';

/** What programs of the host answer: a text, or how they end; those that are not here are not there. */
export type Answers = (command: readonly string[]) => string | Partial<CommandResult> | undefined;

/** A host whose files lie below a folder of this machine. `find`, `tail` and the shell are the real ones, unless `answers` has others. */
export function rootedHost(root: string, answers: Answers = () => undefined): Host & { readonly ran: string[][] } {
  const local = localHost('node1');
  const ran: string[][] = [];
  return {
    ...local,
    ran,
    files: {
      ...local.files,
      read: (path) => readFile(join(root, path), 'utf8'),
      list: (path) =>
        readdir(join(root, path)).then(
          (names) => names.sort(),
          () => undefined,
        ),
    },
    async run([program, ...words], options) {
      ran.push([program, ...words]);
      const answer = answers([program, ...words]);
      if (typeof answer === 'string') return { exitCode: 0, stdout: answer, stderr: '' };
      if (answer !== undefined) return { exitCode: 1, stdout: '', stderr: '', ...answer };
      if (program === 'sh') return local.run([program, ...words], options);
      if (program !== 'find' && program !== 'tail')
        throw new MetalK8sError('STEP_FAILED', `no program ${program} here`);
      const placed = words.map((word) => (word.startsWith('/') ? root + word : word));
      const { stdout, ...rest } = await local.run([program, ...placed], options);
      return { ...rest, stdout: program === 'find' ? stdout.replaceAll(root, '') : stdout };
    },
  };
}
