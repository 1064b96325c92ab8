import { join } from 'node:path';
import { mergePossessions } from '../../../src/engine/merge-possessions.ts';
import type { Possession, Possessions } from '../../../src/engine/possessions.ts';
import type { StepContext } from '../../../src/engine/step-handler.ts';
import type { CommandResult, Host } from '../../../src/hosts/host.ts';
import { localFiles } from '../../../src/hosts/local-files.ts';

/** What a program answers: its standard output, or more of a result; undefined: nothing, with exit status 0. */
export type Answer = string | Partial<CommandResult> | undefined;

export interface Acting {
  readonly context: StepContext;
  /** Programs that were run, with their words. */
  readonly commands: string[];
  readonly noted: Possession[];
  /** What was told: output, warnings and what was waited for. */
  readonly told: string[];
}

interface ActingOptions {
  /** Answers of programs; every command is asked for when left out, so that a test cannot miss one. */
  readonly run?: (
    command: string,
    words: readonly string[],
    env?: Readonly<Record<string, string>>,
    input?: string,
  ) => Answer | Promise<Answer>;
  readonly contents?: StepContext['contents'];
  readonly now?: Date;
  /** Called before possessions are noted. */
  readonly beforeNoting?: (entries: readonly Possession[]) => Promise<void>;
}

/** A host whose files are real ones below a folder, and whose programs answer as real ones did. */
export function actingHost(root: string, options: ActingOptions = {}): Acting {
  const { contents = {}, now = new Date('2026-11-21T10:00:00Z'), beforeNoting } = options;
  const run = options.run ?? ((command: string) => Promise.reject(new Error(`nobody expected: ${command}`)));
  const commands: string[] = [];
  const told: string[] = [];
  const noted: Possession[] = [];
  const possessions: Possessions = {
    async add(entries) {
      await beforeNoting?.(entries);
      noted.splice(0, noted.length, ...mergePossessions(noted, entries));
    },
    list: () => noted,
  };
  const host: Host = {
    name: 'node-1',
    files: rooted(root),
    async run(words, { onLine, env, input } = {}) {
      const command = words.join(' ');
      commands.push(command);
      const answer = await run(command, words, env, input);
      const result = {
        exitCode: 0,
        stdout: '',
        stderr: '',
        ...(typeof answer === 'string' ? { stdout: answer } : answer),
      };
      for (const from of ['stdout', 'stderr'] as const)
        for (const line of result[from].split('\n')) if (line !== '') onLine?.(line, from);
      return result;
    },
    close: async () => {},
  };
  const report: StepContext['report'] = {
    progress: () => {},
    output: (line) => told.push(line),
    retried: (_, why) => told.push(why),
    waiting: (what, seen) => told.push(`${what}: ${seen}`),
    warning: (message) => told.push(message),
    unchanged: () => {},
  };
  const stop = new AbortController().signal;
  return { context: { host, contents, report, possessions, stop, now: () => now }, commands, noted, told };
}

function rooted(root: string): Host['files'] {
  const at = (path: string) => join(root, path);
  return {
    read: (path) => localFiles.read(at(path)),
    stat: (path) => localFiles.stat(at(path)),
    look: (path) => localFiles.look(at(path)),
    sha256: (path) => localFiles.sha256(at(path)),
    list: (path) => localFiles.list(at(path)),
    remove: (path) => localFiles.remove(at(path)),
    readLink: (path) => localFiles.readLink(at(path)),
    writeLink: (link) => localFiles.writeLink({ ...link, path: at(link.path) }),
    owner: localFiles.owner,
    ensureDirectory: (directory) => localFiles.ensureDirectory({ ...directory, path: at(directory.path) }),
    writeAtomic: (files) => localFiles.writeAtomic(files.map((file) => ({ ...file, path: at(file.path) }))),
  };
}
