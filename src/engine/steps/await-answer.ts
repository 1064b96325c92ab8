import type { CommandResult } from '../../hosts/host.ts';
import { lastLines } from '../../hosts/last-lines.ts';
import type { Condition } from '../../plan/step-kinds.ts';
import type { StepContext } from '../step-handler.ts';
import type { Awaited } from '../wait-until.ts';

/** Seconds that one request may take. */
const PATIENCE = 5;
const LONGEST_BODY = 1024;

/** A request from the host itself, past every proxy, to a server that is known by its authority. */
export function awaitAnswer(
  { url, authority }: Extract<Condition, { that: 'answers' }>,
  { host }: Pick<StepContext, 'host'>,
): Awaited {
  const options = ['--silent', '--show-error', '--noproxy', '*', '--cacert', authority, '--max-time', String(PATIENCE)];
  return {
    what: `${url} answers 200`,
    where: host.name,
    hint:
      'Its pod is run by the kubelet: see journalctl --unit=kubelet, and the logs of the pod and of those that it needs ' +
      'below /var/log/pods. Then run again.',
    look: async (stop) =>
      seenIn(await host.run(['curl', ...options, '--write-out', '\n%{http_code}', '--', url], { stop })),
  };
}

/** What an answer of curl shows; undefined for status 200. */
export function seenIn({ exitCode, stdout, stderr }: CommandResult): string | undefined {
  // `curl: (7) Failed to connect to 10.0.0.1 port 6443 after 0 ms: Couldn't connect to server`
  if (exitCode !== 0)
    return (
      lastLines(stderr, 1)
        .replace(/^curl: \(\d+\) /, '')
        .replace(/ after \d+ ms/, '') || `curl ends with ${exitCode}`
    );
  const end = stdout.lastIndexOf('\n');
  const status = stdout.slice(end + 1);
  if (status === '200') return undefined;
  const body = stdout.slice(0, Math.min(end, LONGEST_BODY)).split('\n');
  // Of the checks of an apiserver those that fail, otherwise the first line.
  const failing = body.filter((line) => line.startsWith('[-]'));
  const words = failing.length > 0 ? failing.join(', ') : (body[0] ?? '');
  return `status ${status}${words === '' ? '' : `: ${words}`}`;
}
