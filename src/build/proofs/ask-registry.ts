import { Agent, request } from 'node:http';
import type { StepReport } from '../../events/step-report.ts';
import { together } from '../together.ts';
import { judgeAnswer, type RegistryAnswer } from './judge-answer.ts';
import type { RegistryQuestion } from './registry-questions.ts';

/** One nginx process answers faster than we ask; more connections than this bring nothing. */
const CONNECTIONS = 8;

/** When so much is wrong, the rest tells nothing new. */
const MOST_WRONG = 100;

const PATIENCE = 30_000;

export interface Asking {
  /** Path of the socket that the registry listens on. */
  readonly socket: string;
  readonly stop: AbortSignal;
  readonly report: Pick<StepReport, 'progress'>;
}

/** Asks every question, several at once, and gives back what is wrong with the answers, a line each. */
export async function askRegistry(
  questions: readonly RegistryQuestion[],
  { socket, stop, report }: Asking,
): Promise<string[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const wrong: string[] = [];
  const queue = questions.entries();
  const work = async (either: AbortSignal) => {
    for (const [position, question] of queue) {
      either.throwIfAborted();
      if (wrong.length >= MOST_WRONG) return;
      if (position % 200 === 0) report.progress(position, questions.length, 'requests');
      const answer = await ask(question, { agent, socket }).catch((error: Error) => error);
      const what =
        answer instanceof Error
          ? `${question.about}: ${question.method} ${question.path}: no answer: ${answer.message}`
          : judgeAnswer(question, answer);
      if (what !== undefined) wrong.push(what);
    }
  };
  try {
    await together(stop, Array(CONNECTIONS).fill(work));
  } finally {
    agent.destroy();
  }
  report.progress(questions.length, questions.length, 'requests');
  return wrong;
}

function ask(
  { method, path }: RegistryQuestion,
  { agent, socket }: { agent: Agent; socket: string },
): Promise<RegistryAnswer> {
  return new Promise((resolve, reject) => {
    const options = {
      agent,
      socketPath: socket,
      host: 'registry',
      method,
      path,
      headers: { accept: '*/*' },
      timeout: PATIENCE,
    };
    const outgoing = request(options, (incoming) => {
      const parts: Buffer[] = [];
      incoming
        .on('data', (part: Buffer) => parts.push(part))
        .on('end', () =>
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(parts) }),
        )
        .on('error', reject);
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`nothing came for ${PATIENCE / 1000} s`)));
    outgoing.on('error', reject).end();
  });
}
