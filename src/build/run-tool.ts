import { execa } from 'execa';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { lastLines } from '../hosts/last-lines.ts';

/** A program of the build station, and where one gets it. */
export interface Tool {
  readonly program: string;
  /** Package of Debian and Ubuntu. */
  readonly debian: string;
  /** Package of Enterprise Linux and Fedora. */
  readonly el: string;
}

export interface ToolRun {
  readonly arguments: readonly string[];
  /** Environment as it is; `LC_ALL` is set, so that answers can be read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted: the program is asked to end, killed five seconds later, and the reason is thrown. */
  readonly stop: AbortSignal;
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  /** What the program is asked to end with; SIGTERM when left out. */
  readonly ending?: 'SIGKILL';
  /** Bytes of standard output that are taken at most; a program that writes more is ended. 100 MB when left out. */
  readonly maxOutput?: number;
}

/** How a program ended. */
export interface ToolResult {
  readonly exitCode: number | undefined;
  readonly stdout: Buffer;
  /** What it said, the last 64 KiB of it. */
  readonly stderr: string;
  /** True: it was ended because it wrote more than `maxOutput`. */
  readonly overflow: boolean;
}

const LONGEST_STDERR = 64 * 1024;

/**
 * Runs a program to its end, however that is; it ends with this process, even if that is killed. Throws a `PREFLIGHT_FAILED` that names the
 * packages when it is not installed, and the reason of `stop`.
 */
export async function tryTool(tool: Tool, run: ToolRun): Promise<ToolResult> {
  run.stop.throwIfAborted();
  const command = [...(await bond(run.env)), tool.program, ...run.arguments] as [string, ...string[]];
  const [program, ...words] = command;
  const result = await execa(program, words, {
    ...(run.cwd === undefined ? {} : { cwd: run.cwd }),
    ...(run.input === undefined ? { stdin: 'ignore' as const } : { input: run.input }),
    env: { ...run.env, LC_ALL: 'C.UTF-8' },
    extendEnv: false,
    cancelSignal: run.stop,
    killSignal: run.ending ?? 'SIGTERM',
    reject: false,
    stripFinalNewline: false,
    encoding: 'buffer',
    maxBuffer: { stdout: run.maxOutput ?? 100_000_000, stderr: 100_000_000 },
  });
  // A terminal sends Ctrl-C to the program as well, which may end before we have told it to.
  if (result.isCanceled || run.stop.aborted) throw run.stop.reason;
  if (result.exitCode === undefined ? result.code === 'ENOENT' : isMissing(result)) throw missing(tool);
  if (result.exitCode === undefined && result.signal === undefined && !result.isMaxBuffer) {
    throw new MetalK8sError('STEP_FAILED', `${tool.program} cannot be run`, { cause: result.cause });
  }
  const stderr = Buffer.from(result.stderr);
  return {
    exitCode: result.exitCode,
    stdout: Buffer.from(result.stdout),
    stderr: stderr.subarray(Math.max(0, stderr.length - LONGEST_STDERR)).toString('utf8'),
    overflow: result.isMaxBuffer,
  };
}

/** Runs a program that has to succeed. Throws a `STEP_FAILED` that ends with what the program said last. */
export async function runTool(tool: Tool, run: ToolRun): Promise<ToolResult> {
  const result = await tryTool(tool, run);
  if (result.exitCode !== 0 || result.overflow) throw toolFailure(tool, run, result);
  return result;
}

/** The failure of a program, with the last lines that it wrote. */
function toolFailure(tool: Tool, run: Pick<ToolRun, 'arguments'>, result: ToolResult): MetalK8sError {
  const { exitCode, overflow, stderr } = result;
  const how = overflow ? 'wrote too much' : exitCode === undefined ? 'was killed' : `exit status ${exitCode}`;
  return new MetalK8sError('STEP_FAILED', `${tool.program} failed: ${how}`, {
    where: [tool.program, ...run.arguments].join(' ').slice(0, 500),
    cause: new Error(lastLines(stderr, 20) || 'it said nothing'),
  });
}

/** Words before a command that let the kernel end it with this process. */
const BOND = ['setpriv', '--pdeathsig', 'KILL', '--'] as const;
/** Whether it is there, by PATH. */
const bondHolds = new Map<string | undefined, Promise<boolean>>();

/** Words that bind the command after them to this process. util-linux has them since 2.33; on an older system a program may outlive us, and does no harm. */
export async function bond(env: ToolRun['env']): Promise<readonly string[]> {
  const [program, ...words] = BOND;
  const known =
    bondHolds.get(env.PATH) ??
    execa(program, [...words, 'true'], { env, extendEnv: false, reject: false }).then(({ failed }) => !failed);
  bondHolds.set(env.PATH, known);
  return (await known) ? BOND : [];
}

function isMissing({ exitCode, stderr }: { readonly exitCode?: number; readonly stderr: Uint8Array }): boolean {
  return exitCode === 127 && /^setpriv: failed to execute .*: No such file/.test(Buffer.from(stderr).toString());
}

function missing({ program, debian, el }: Tool): MetalK8sError {
  return new MetalK8sError('PREFLIGHT_FAILED', `the program ${program} is not installed here`, {
    hint: `Install the package ${debian} (Debian, Ubuntu) or ${el} (Enterprise Linux, Fedora) and run again.`,
  });
}
