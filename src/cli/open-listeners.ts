import type { Listener } from '../progress/listener.ts';
import { logFile } from '../progress/log-file.ts';
import { toLines } from '../progress/to-lines.ts';
import { toNdjson } from '../progress/to-ndjson.ts';
import type { CommandContext } from './command.ts';
import type { CommonValues } from './common-options.ts';

/** The common options that a command with steps takes for its progress. */
export const progressOptions = ['logFile', 'logFormat', 'verbose', 'noColor', 'noProgress'] as const;

export type ProgressOptions = CommonValues<(typeof progressOptions)[number]>;

/** The one listener that fits where stderr goes to, and the log file when there is to be one. */
export async function openListeners(
  context: CommandContext,
  options: ProgressOptions,
  onProblem: (message: string) => void,
): Promise<readonly Listener[]> {
  const { logFile: path, logFormat: format } = options;
  const log = path === undefined ? [] : [logFile({ path, format, onProblem })];
  return [...log, await screen(context, options)];
}

async function screen({ stderr, env }: CommandContext, options: ProgressOptions): Promise<Listener> {
  if (options.logFormat === 'json') return toNdjson(stderr);
  const live = stderr.isTTY === true && env.TERM !== 'dumb' && !options.noProgress && !options.verbose;
  if (!live) return toLines(stderr, options.verbose ? 'verbose' : 'screen');
  const { toListr } = await import('../progress/to-listr.ts');
  return toListr(stderr, { color: !options.noColor, unicode: isUnicode(env) });
}

/** What the locale says, in the order in which a C library asks. */
function isUnicode({ LC_ALL, LC_CTYPE, LANG }: CommandContext['env']): boolean {
  return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '');
}
