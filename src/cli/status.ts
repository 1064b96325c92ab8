import { errorCodes } from '../errors/error-codes.ts';
import { ADMIN_KUBECONFIG } from '../kubernetes/pki/kubeconfig-specifications.ts';
import type { CommandDefinition } from './command.ts';
import { writeData } from './output.ts';
import { requireRoot } from './require-root.ts';
import { resolveOptions } from './resolve-options.ts';
import { sameCommand } from './same-command.ts';
import { observeCluster } from './status/observe-cluster.ts';
import { observeConfiguration } from './status/observe-configuration.ts';
import { observeHost } from './status/observe-host.ts';
import { FEW_DAYS } from './status/problems.ts';
import { type StatusReport, statusReport } from './status/report.ts';
import { statusText } from './status/text.ts';
import { type LookedAtHost, thisHost } from './this-host.ts';

const options = ['config', 'output', 'noColor'] as const;

export const status = statusAt(thisHost);

/** The command for a host: the one that the program runs on, or a stand-in. */
export function statusAt(hostOf: () => LookedAtHost): CommandDefinition {
  return {
    description:
      'Shows what there is of a cluster on this host: nodes with roles and versions, the control plane and the pods of the system, ' +
      'certificates and how long they last, archives, the last runs, and whether the configuration file is what the cluster has. Works also ' +
      `while the API is away, and says so. Ends with exit status 0 for a healthy cluster alone, and with ${errorCodes.DIFFERS.exit} when ` +
      `something is wrong, a command is at work, a run did not come to its end, a certificate has less than ${FEW_DAYS} days, or there is no cluster.`,
    options,
    examples: [
      { command: 'metalk8s status', what: 'for people' },
      { command: 'metalk8s status -o json', what: 'everything, for programs' },
      { command: 'until metalk8s status; do sleep 10; done', what: 'wait until all is well' },
    ],
    async run(context, { flags }) {
      const { config, output } = resolveOptions(options, { flags, env: context.env });
      const at = hostOf();
      requireRoot(at.uid, sameCommand(context), 'read all that this shows');
      const data = await look(at, config, context);
      await writeData(context, { data, format: output, text: statusText });
      return data.state === 'healthy' ? 0 : errorCodes.DIFFERS.exit;
    },
  };
}

async function look(
  { host, paths }: LookedAtHost,
  config: string,
  { stop, now }: { readonly stop: AbortSignal; readonly now: () => Date },
): Promise<StatusReport> {
  const files = await observeHost(host.files, paths.runs);
  const isControlPlane = (await host.files.look(ADMIN_KUBECONFIG)) !== undefined;
  const cluster = isControlPlane ? await observeCluster(host.files, ADMIN_KUBECONFIG, stop) : null;
  const configuration = await observeConfiguration(config, cluster?.configuration ?? null);
  return statusReport({ host: host.name, files, cluster, configuration, now: now() });
}
