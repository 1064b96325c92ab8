import { emptyNewTables } from '../leftovers/filter-tables.ts';
import { networkLeftovers, networkLines, rulesRemoval } from '../leftovers/network.ts';
import { runChecked } from '../run-checked.ts';
import type { StepHandler } from '../step-handler.ts';
import { waitUntil } from '../wait-until.ts';

/** How long the lock of iptables is waited for, which whoever changes rules holds for a moment. */
const LOCK_SECONDS = 60;

/** Rules first, as they use sets. Interfaces of pods may go by themselves meanwhile, with the network namespaces that they lead to. */
export const clearNetwork: StepHandler<'clear-network'> = async (_, { host, possessions, stop, report }) => {
  const look = () => networkLeftovers(host, possessions.list());
  const present = await look();
  const { filters, tables, sets, routes, interfaces } = present;
  const failure = {
    message: 'Rules of the cluster cannot be taken out of the packet filter',
    hint: 'Start the host anew, then run again.',
  };
  for (const filter of filters) {
    const input = await rulesRemoval(host, filter);
    if (input === undefined) continue;
    await runChecked(host, [`${filter}-restore`, '--noflush', `--wait=${LOCK_SECONDS}`], failure, { input });
  }
  const emptied = await emptyNewTables(host, possessions.list());
  for (const table of [...tables, ...emptied])
    await runChecked(host, ['nft', 'delete', 'table', ...table.split(' ')], failure);
  for (const name of sets) await host.run(['ipset', 'destroy', name]);
  for (const route of routes) await host.run(['ip', 'route', 'delete', ...route.split(' ')]);
  for (const name of interfaces) await host.run(['ip', 'link', 'delete', name]);
  await waitUntil(
    {
      what: 'nothing of the cluster is in the kernel’s network',
      look: async () => {
        const left = networkLines(await look());
        return left.length === 0 ? undefined : left.slice(0, 5).join(', ');
      },
      where: host.name,
      hint: 'Start the host anew, which empties the kernel’s network, then run again.',
    },
    { deadlineSeconds: 30, stop, report },
  );
  return { changed: networkLines(present).length > 0 };
};
