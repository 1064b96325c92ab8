import type { Report } from '../cache.ts';
import type { OracleConfiguration } from './configuration.ts';
import type { Entries } from './entries.ts';
import { makeConfiguration } from './make-configuration.ts';
import { oraclePrograms } from './oracle-programs.ts';

/** kubeadm waits more than it works: this many observations run at once. */
const AT_ONCE = 4;

/** Golden data of several configurations by name, made with the kubeadm of a release such as `1.36.3`. */
export async function makeGolden(
  version: string,
  configurations: readonly OracleConfiguration[],
  report: Report,
): Promise<ReadonlyMap<string, Entries>> {
  const run = [...new Set(configurations.flatMap((configuration) => configuration.run ?? []))];
  await oraclePrograms(version, { run }, report);
  const made = new Map<string, Entries>();
  const waiting = [...configurations];
  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      made.set(next.name, await makeConfiguration(next, await oraclePrograms(version, next, report)));
      report(`kubeadm ${version} ${next.name}: made`);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return made;
}
