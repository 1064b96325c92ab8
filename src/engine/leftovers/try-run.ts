import { isMetalK8sError } from '../../errors/metalk8s-error.ts';
import type { Command, Host } from '../../hosts/host.ts';

/** What a program printed; undefined when it failed, or the host has no such program. */
export async function tryRun(host: Host, command: Command, input?: string): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await host.run(command, input === undefined ? {} : { input });
    return exitCode === 0 ? stdout : undefined;
  } catch (error) {
    if (isMetalK8sError(error) && error.code === 'STEP_FAILED') return undefined;
    throw error;
  }
}
