import { execa } from 'execa';

export interface TerminalOptions {
  readonly rows?: number;
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export interface TerminalSession {
  /** What the program has sent to the terminal so far. */
  readonly text: () => string;
  /** Types on the keyboard: `\u0003` is Ctrl-C. */
  readonly type: (keys: string) => void;
  /** Resolves when the text has appeared. */
  readonly sees: (expected: string) => Promise<void>;
  readonly exitCode: () => Promise<number | undefined>;
  /** Closes the terminal's window. */
  readonly close: () => void;
}

const PATIENCE_MS = 20_000;

/** Runs a program in a pseudo terminal of its own, made by `script` of util-linux. */
export function openTerminal(command: readonly string[], options: TerminalOptions = {}): TerminalSession {
  const { rows = 24, columns = 80, env = {} } = options;
  const words = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const child = startScript(`stty rows ${rows} cols ${columns}; exec ${words}`, env);
  let seen = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    seen += piece;
  });
  return {
    text: () => seen,
    type: (keys) => child.stdin.write(keys),
    close: () => child.kill('SIGKILL'),
    exitCode: async () => (await child).exitCode,
    async sees(expected) {
      const deadline = Date.now() + PATIENCE_MS;
      while (!seen.includes(expected)) {
        if (Date.now() > deadline) {
          child.kill('SIGKILL');
          throw new Error(`${JSON.stringify(expected)} never appeared in:\n${seen}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
  };
}

function startScript(line: string, env: Readonly<Record<string, string>>) {
  return execa('script', ['-qec', line, '/dev/null'], {
    env: { TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env },
    stdin: 'pipe',
    reject: false,
    buffer: false,
  });
}
