import type { Host } from '../../hosts/host.ts';
import { saltPaths } from '../../salt/paths.ts';
import { runChecked } from '../run-checked.ts';

export interface Process {
  readonly pid: number;
  /** Of all hierarchies, as ps prints them. */
  readonly cgroup: string;
  readonly command: string;
}

/** Characters: ps cuts a column that is not the last off at its width, `-ww` or not. Enough for some hierarchies of the longest names of pods. */
const CGROUP_WIDTH = 1024;

/** All processes of a host, but the one that lists them. */
export async function processesOf(host: Host): Promise<readonly Process[]> {
  const { stdout } = await runChecked(host, ['ps', '-ww', '-e', '-o', `pid=,cgroup:${CGROUP_WIDTH}=,args=`], {
    message: 'ps cannot list processes',
    hint: 'See to it that /proc is mounted.',
  });
  return readProcesses(stdout);
}

/** Reads lines of ps: pid, cgroups, command. */
export function readProcesses(text: string): readonly Process[] {
  return [...text.matchAll(/^ *(\d+) +(\S+) +(.+)$/gm)].map(([, pid, cgroup = '', command = '']) => ({
    pid: Number(pid),
    cgroup,
    command,
  }));
}

/** Runs of Salt that we started, with what they have started themselves but for dnf. */
export function isOurSalt({ command }: Process): boolean {
  return command.includes(`--config-dir=${saltPaths.configuration}`);
}

/** A transaction from one of our repositories, or the one that `reset` removes packages by. */
export function isOurDnf({ command }: Process): boolean {
  const isOurs = command.includes('enablerepo=metalk8s-') || command.includes(KEEPS_REQUIREMENTS);
  return isOurs && /(?:^|\/)(?:dnf|dnf-3|yum)\b/.test(command);
}

/** Has dnf not remove what nothing requires any more. */
export const KEEPS_REQUIREMENTS = '--setopt=clean_requirements_on_remove=False';

/** What dnf leaves behind for each repository that it checks the signature of; it does not end while its folder is there. */
export function isOurAgent(process: Process): boolean {
  return repositoryOfAgent(process)?.startsWith('metalk8s-') === true;
}

/** The id of the repository that dnf has started an agent for; undefined for any other process. Its folder is called by that and a digest. */
export function repositoryOfAgent({ command }: Process): string | undefined {
  return /^\S*\bgpg-agent --homedir \S*\/([^\s/]+)-[0-9a-f]{16}\/pubring(?: |$)/.exec(command)?.[1];
}

/**
 * Of a pod, or what watches over one of its containers. A cluster that somebody runs in containers of his, such as kind, has processes of the same
 * names; their cgroups are below those of his containers, and ours at the root of a hierarchy, or in the unit of containerd.
 */
export function isOfPods({ cgroup, command }: Process): boolean {
  if (/(?:^|,)\d+:[^:]*:\/kubepods\b/.test(cgroup)) return true;
  const isOfRuntime = /(?:^|,)\d+:[^:]*:\/(?:[^/,:]+\.slice\/)*containerd\.service\b/.test(cgroup);
  return isOfRuntime && /\bcontainerd-shim-\S+ .*-namespace k8s\.io\b/.test(command);
}
