import type { Host } from '../../hosts/host.ts';

/**
 * Ends the agents that dnf starts to check the metadata of a repository, and leaves behind for as long as their folder is there. Only those of
 * that repository are: other agents may be somebody's. They hold nothing but public keys.
 */
export async function endGpgAgents(host: Host, repository: string): Promise<void> {
  const { stdout } = await host.run(['pgrep', '--exact', '--list-full', 'gpg-agent']);
  const pids = agentsOf(stdout, repository);
  if (pids.length > 0) await host.run(['kill', '-TERM', ...pids]);
}

/** Pids in what pgrep printed: `PID COMMAND LINE`. dnf calls the folder of a repository by its id and a digest of its address. */
export function agentsOf(text: string, repository: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const [, pid, folder] = /^(\d+) \S*gpg-agent --homedir \S*\/(\S+)-[0-9a-f]{16}\/pubring(?: |$)/.exec(line) ?? [];
    return pid !== undefined && folder === repository ? [pid] : [];
  });
}
