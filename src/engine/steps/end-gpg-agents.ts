import { isMetalK8sError } from '../../errors/metalk8s-error.ts';
import type { Host } from '../../hosts/host.ts';
import { repositoryOfAgent } from '../leftovers/processes.ts';
import { signalAll } from './end-processes.ts';

/**
 * Ends the agents that dnf starts to check the metadata of a repository, and leaves behind for as long as their folder is there. Only those of
 * that repository are: other agents may be somebody's. They hold nothing but public keys, so that what keeps them from being ended is not told: it
 * would stand before what dnf said.
 */
export async function endGpgAgents(host: Host, repository: string): Promise<void> {
  try {
    await signalAll(host, 'TERM', (each) => repositoryOfAgent(each) === repository);
  } catch (error) {
    if (!isMetalK8sError(error) || error.code !== 'STEP_FAILED') throw error;
  }
}
