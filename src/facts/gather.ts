import { isMetalK8sError, MetalK8sError } from '../errors/metalk8s-error.ts';
import type { CommandResult, Host } from '../hosts/host.ts';
import { readTemplate } from '../product/read-template.ts';
import { type Answers, readAnswers } from './answers.ts';
import type { ObservedHost } from './observed-host.ts';
import { questionArguments } from './question-arguments.ts';
import type { Questions } from './questions.ts';
import { readEpochMs } from './read-numbers.ts';
import { toObservedHost } from './to-observed-host.ts';

/** All commands that may hang end after seconds; this is for a host that does not answer at all. */
const DEADLINE_MS = 60_000;

/** Without these no host can be judged, and nothing be planned for it. */
const ESSENTIAL = ['clock', 'user', 'architecture', 'kernel-release', 'host-name', 'cpus', 'memory'];

/**
 * Reads everything that is known of a host, in one round trip. Writes nothing there, but for what measures the disk of etcd where that is asked for.
 * Throws a `PREFLIGHT_FAILED` that names the host when it does not answer, or not as a Linux host does, and the reason of `stop`.
 */
export async function observeHost(host: Host, questions: Questions, stop: AbortSignal): Promise<ObservedHost> {
  const { text: script } = await readTemplate('templates/facts/observe.sh');
  const before = Date.now();
  const answers = answersOf(host, await ask(host, script, questionArguments(questions), stop));
  return toObservedHost(answers, questions, askedMs(answers, before, Date.now()));
}

async function ask(
  host: Host,
  script: string,
  questions: readonly string[],
  stop: AbortSignal,
): Promise<CommandResult> {
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  try {
    return await host.run(['sh', '-s', '--', ...questions], { input: script, stop: AbortSignal.any([stop, deadline]) });
  } catch (error) {
    if (stop.aborted || !deadline.aborted || isMetalK8sError(error)) throw error;
    throw failure(host, `it did not answer within ${DEADLINE_MS / 1000} seconds`);
  }
}

function answersOf(host: Host, { stdout, stderr, exitCode }: CommandResult): Answers {
  const answers = readAnswers(stdout);
  if (answers === undefined) {
    const said = stderr.trim().split('\n').at(-1);
    throw failure(host, `its shell ended with status ${exitCode}${said ? `: ${said}` : ', before all was answered'}`);
  }
  const missing = ESSENTIAL.filter((name) => answers.text(name) === null);
  if (missing.length > 0) throw failure(host, `it does not tell ${missing.join(', ')}`);
  return answers;
}

/** The host told its clock first and last: the way there and back took what our time between has more than its own. */
function askedMs(answers: Answers, before: number, after: number): number {
  const first = readEpochMs(answers.text('clock') ?? '');
  const last = readEpochMs(answers.text('clock-after') ?? '');
  const there = first === null || last === null ? 0 : Math.max(0, after - before - (last - first)) / 2;
  return Math.round(before + there);
}

function failure(host: Host, message: string): MetalK8sError {
  return new MetalK8sError('PREFLIGHT_FAILED', `The host cannot be looked at: ${message}`, {
    where: host.name,
    hint: 'Run again; see to it that the host is a Linux system with a shell and the programs of its base system.',
  });
}
