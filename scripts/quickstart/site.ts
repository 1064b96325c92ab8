import type { BootstrapDisc } from '../../test/support/cluster/bootstrap-disc.ts';
import { addBootstrapHost, DISC_MOUNT } from '../../test/support/cluster/bootstrap-ground.ts';
import { kubectl } from '../../test/support/cluster/kubectl.ts';
import { deployUserService, pageAt } from '../../test/support/cluster/user-service.ts';
import { waitUntil } from '../../test/support/cluster/wait-until.ts';
import type { TestHost } from '../../test/support/hosts/host.ts';
import { createNetwork, detachedNetworks, type TestNetwork } from '../../test/support/hosts/network.ts';

/** What the host is called, for `npm run hosts` too. */
export const HOST = 'quickstart';
export const PAGE = 'Hello from a cluster that has never seen the Internet.';
export const BOOTSTRAP = ['sh', `${DISC_MOUNT}/metalk8s`, 'bootstrap'] as const;

/** A host in a network of its own, without any way to the Internet. */
export interface Site {
  readonly network: TestNetwork;
  readonly host: TestHost;
}

/** The site of a former quickstart. */
export async function findSite(): Promise<Site | undefined> {
  for (const network of await detachedNetworks()) {
    const host = network.hosts().find(({ name }) => name === HOST);
    if (host !== undefined) return { network, host };
  }
  return undefined;
}

/** Makes a site that outlives this process, with the disc put in. What there is of it is told at once, so that it can be removed. */
export async function makeSite(
  disc: BootstrapDisc,
  report: (line: string) => void,
  begun: (network: TestNetwork) => void,
): Promise<Site> {
  const network = await createNetwork({ detached: true, report });
  begun(network);
  const host = await addBootstrapHost(network, disc, { name: HOST });
  report(`${HOST} is up: ${host.addresses.join(', ')}`);
  return { network, host };
}

/** Whether a site has a cluster that answers; its host is switched on where it is off. */
export async function siteAnswers({ host }: Site, report: (line: string) => void): Promise<boolean> {
  try {
    if (!(await host.isOn())) {
      report(`${HOST} is off: switching it on`);
      await host.start();
    }
    await host.run(['test', '-e', '/etc/kubernetes/admin.conf']);
    await waitUntil('the API answers', () => kubectl(host, ['get', '--raw=/readyz']));
    return true;
  } catch (error) {
    report((error as Error).message);
    return false;
  }
}

/** Deploys what a user would, and asks for its page from this machine. Returns its address. Throws when it is another page. */
export async function deployAndAsk({ host }: Site, image: string, report: (line: string) => void): Promise<string> {
  const address = await deployUserService(host, { name: 'hello', image, page: PAGE }, report);
  const page = await pageAt(address);
  if (page !== PAGE) throw new Error(`${address} answered: ${page}`);
  return address;
}

/** What the host's curl says about an address of the Internet. */
export async function askTheInternet(host: TestHost): Promise<string> {
  const { stderr, exitCode } = await host.run(
    ['curl', '--silent', '--show-error', '--max-time', '5', 'https://registry.k8s.io/'],
    { check: false },
  );
  if (exitCode === 0) throw new Error(`${HOST} has a way to the Internet, which it is not to have`);
  return stderr.trim();
}
