import { sha256Of } from '../../disc/sha256-of.ts';
import type { RegistryQuestion } from './registry-questions.ts';

/** What a registry answered, whole. */
export interface RegistryAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
}

/** What is wrong with an answer, as one line that names the question; undefined for the right answer. */
export function judgeAnswer(question: RegistryQuestion, answer: RegistryAnswer): string | undefined {
  const wrong = difference(question, answer);
  return wrong === undefined ? undefined : `${question.about}: ${question.method} ${question.path}: ${wrong}`;
}

function difference(
  { method, expected }: RegistryQuestion,
  { status, headers, body }: RegistryAnswer,
): string | undefined {
  if (status !== expected.status) return `status ${status}, not ${expected.status}`;
  const { type, digest, size, json, names } = expected;
  if (type !== undefined && headers['content-type'] !== type) return `type ${headers['content-type']}, not ${type}`;
  if (digest !== undefined && headers['docker-content-digest'] !== digest) {
    return `digest ${headers['docker-content-digest']}, not ${digest}`;
  }
  if (size !== undefined && headers['content-length'] !== String(size)) {
    return `${headers['content-length']} bytes, not ${size}`;
  }
  if (method === 'HEAD') return body.length === 0 ? undefined : `${body.length} bytes after the header`;
  if (digest !== undefined && digestOf(body) !== digest) return `the content has digest ${digestOf(body)}`;
  const text = new TextDecoder().decode(body);
  if (names !== undefined && !text.includes(`"${names}"`)) return `${names} is not named`;
  if (json !== undefined && text !== JSON.stringify(json))
    return `${text.slice(0, 200)}, not ${JSON.stringify(json).slice(0, 200)}`;
  return undefined;
}

function digestOf(body: Uint8Array): string {
  return `sha256:${sha256Of(body)}`;
}
