import type { TestHost } from '../hosts/host.ts';

/** Where a node has its secrets. */
const PLACES = ['/etc/kubernetes', '/etc/metalk8s/pki', '/var/lib/kubelet/pki', '/root/.kube'];

/**
 * Pieces of every secret of a node that is long enough to be recognised: lines of the bodies of private keys, keys that secrets are encrypted
 * with, credentials in kubeconfigs. Whoever prints a secret prints one of these.
 */
export async function secretsOfHost(host: TestHost): Promise<readonly string[]> {
  const { stdout } = await host.run({
    script: `grep --recursive --no-filename --files-with-matches --extended-regexp 'PRIVATE KEY|client-key-data|secret: ' ${PLACES.join(' ')} |
while read -r file; do cat "$file"; echo; done`,
  });
  const pieces = new Set<string>();
  for (const [, body = ''] of stdout.matchAll(/-----BEGIN [A-Z ]*PRIVATE KEY-----\n([^-]+)-----END/g)) {
    const lines = body.trim().split('\n');
    // The first lines of keys of one kind are alike.
    pieces.add(lines[Math.floor(lines.length / 2)] ?? '');
  }
  for (const [, value = ''] of stdout.matchAll(/client-key-data: (\S+)/g)) {
    pieces.add(value.slice(60, 120));
    const key = Buffer.from(value, 'base64').toString().split('\n');
    pieces.add(key[Math.floor(key.length / 2)] ?? '');
  }
  for (const [, value = ''] of stdout.matchAll(/secret: (\S+)/g)) pieces.add(value);
  return [...pieces].filter((piece) => piece.length >= 30);
}

/** Ends with what the host's processes had as arguments and environments while it ran, each text once. */
export interface ProcessWatch {
  end(): Promise<string>;
}

const SEEN = '/run/seen-of-processes';

/** Looks at all processes of a host several times a second. */
export async function watchProcesses(host: TestHost): Promise<ProcessWatch> {
  await host.run(['mkdir', '-p', SEEN]);
  const script = `trap '' PIPE
while [ -d ${SEEN} ]; do
  cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null || true
  sleep 0.1
done | tr '\\0' '\\n' | awk '!seen[$0]++'`;
  const watching = host.run({ script });
  watching.catch(() => {});
  return {
    end: async () => {
      await host.run(['rmdir', SEEN]);
      return (await watching).stdout;
    },
  };
}

/** Files of a host that have one of the pieces in them, of those that everybody may read, logs, and what programs keep about their work. */
export async function filesWith(host: TestHost, pieces: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await host.run(
    {
      script: `patterns=$(mktemp --tmpdir=/root)
cat >"$patterns"
{
  find / /run /dev/shm -xdev -type f -perm -o=r -not -path '/proc/*' -not -path '/usr/*' -not -path '/srv/*' -not -path '/media/*' \\
    -not -path '/var/lib/containerd/*' -not -path '/var/lib/metalk8s/runtime/*' -print0
  find /var/log /var/lib/metalk8s /var/cache /etc/salt /etc/metalk8s /run/metalk8s /tmp /var/tmp -type f \\
    -not -path '/etc/metalk8s/pki/*' -print0 2>/dev/null || true
} | xargs --null grep --files-with-matches --fixed-strings --file="$patterns" -- /dev/null | sort --unique || true
if journalctl --all --output=export | grep --quiet --text --fixed-strings --file="$patterns"; then echo journal; fi
rm "$patterns"`,
    },
    { input: pieces.join('\n') },
  );
  return stdout.split('\n').filter((line) => line !== '');
}
