import type { CommandResult } from '../../hosts/host.ts';
import { SYSTEM_NAMESPACE } from '../../kubernetes/static-pods/pod.ts';
import type { Condition } from '../../plan/step-kinds.ts';
import type { StepContext } from '../step-handler.ts';
import type { Awaited } from '../wait-until.ts';
import { tellOfPods } from './tell-of-pods.ts';

/** Seconds that a request may take at most: the first one has one. A server that is just starting may take a connection and never answer it. */
const PATIENCE = 10;
const LONGEST_BODY = 1024;

/** A request from the host itself, past every proxy, to a server that is known by its authority. */
export function awaitAnswer(
  { url, authority, pods }: Extract<Condition, { that: 'answers' }>,
  { host }: Pick<StepContext, 'host'>,
): Awaited {
  const options = [
    '--silent',
    '--show-error',
    '--noproxy',
    '*',
    '--cacert',
    authority,
    '--write-out',
    '\n%{http_code}',
  ];
  let seconds = 0;
  return {
    what: `${url} answers 200`,
    where: host.name,
    hint:
      'Mend what the pod is told to fail at, then run again; more is in its log below /var/log/pods and in journalctl --unit=kubelet. ' +
      'If it runs and cannot be reached, something on the host keeps packets from it, such as rules of a firewall: see nft list ruleset.',
    explain: () =>
      tellOfPods(
        host,
        pods.map((name) => ({ namespace: SYSTEM_NAMESPACE, name: `${name}-${host.name}` })),
      ),
    look: async (stop) => {
      seconds = Math.min(PATIENCE, seconds + 1);
      return seenIn(await host.run(['curl', ...options, '--max-time', String(seconds), '--', url], { stop }));
    },
  };
}

/** What an answer of curl shows; undefined for status 200. */
export function seenIn({ exitCode, stdout, stderr }: CommandResult): string | undefined {
  if (exitCode !== 0) {
    const words = /^curl: \(\d+\) (.*)$/m.exec(stderr)?.[1] ?? `curl ends with ${exitCode}`;
    // The same thing seen again is told once.
    return words.replace(/ after \d+ (?:ms|milliseconds)/, '');
  }
  const end = stdout.lastIndexOf('\n');
  const status = stdout.slice(end + 1);
  if (status === '200') return undefined;
  const body = stdout.slice(0, Math.min(end, LONGEST_BODY));
  // Of the checks of an apiserver those that fail, of its errors what they say, otherwise the first line.
  const failing = body.split('\n').filter((line) => line.startsWith('[-]'));
  const message = /"message": ?"([^"\\]*)/.exec(body)?.[1] ?? body.split('\n')[0];
  const words = failing.length > 0 ? failing.join(', ') : message;
  return `status ${status}${words ? `: ${words}` : ''}`;
}
