import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { cacheRoot } from '../test/support/cache.ts';
import { makeDisc } from '../test/support/cluster/bootstrap-disc.ts';
import { kubectl } from '../test/support/cluster/kubectl.ts';
import type { TestNetwork } from '../test/support/hosts/network.ts';
import { removeNetworksOf } from '../test/support/hosts/remove-network.ts';
import { sshArguments } from '../test/support/hosts/ssh-arguments.ts';
import { ownIdentity } from '../test/support/process-identity.ts';
import { beginNoMoreBuilds } from '../test/support/release/build-turns.ts';
import { testRelease } from '../test/support/release/release.ts';
import { beginTestRun, endProcesses, endTestRun } from '../test/support/test-run.ts';
import * as site from './quickstart/site.ts';
import { type StageScreen, stageScreen } from './quickstart/stage-screen.ts';

/** `npm run quickstart`: from a clean clone to a cluster on a disposable host that has no way to the Internet. */

/** How long what was begun may take to end, once somebody wants to leave. */
const LEAVING_MS = 20_000;

await mkdir(cacheRoot(), { recursive: true });
const logFile = join(cacheRoot(), 'quickstart.log');
const log = createWriteStream(logFile);
const keep = (line: string) => void log.write(`${new Date().toISOString()} ${line}\n`);

const say = (text: string) => void process.stdout.write(`${text}\n`);
const stop = new AbortController();
const stagesOf = (total: number) => stageScreen({ screen: process.stdout, total, keep, stop: stop.signal });
const stopped = new Promise<never>((_, reject) => {
  stop.signal.addEventListener('abort', () => reject(stop.signal.reason));
});
stopped.catch(() => {});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => stop.abort(new Interrupted(`stopped by ${signal}`)));
}

/** Somebody wants to leave. */
class Interrupted extends Error {}

const run = await beginTestRun();
// What is started from here on is known as this run's, and works in its temporary folder.
Object.assign(process.env, run.environment);
/** What is to be removed unless all goes well. */
let unfinished: TestNetwork | undefined;
const working = quickstart();
process.exitCode = await Promise.race([working, stopped]).catch((error: Error) => leave(error));
await endTestRun(run);
log.end();
// The process ends by itself; this is for what an interrupted stage may have left open.
setTimeout(process.exit, 1000).unref();

async function quickstart(): Promise<number> {
  const found = await site.findSite();
  if (found !== undefined) {
    say(`There is a host ${site.HOST} already. Looking at it ...`);
    if (await site.siteAnswers(found, say)) return show(found, (await makeDisc(keep)).toolsImage, stagesOf(1));
    say('Its cluster does not answer: starting over.');
    await found.network.destroy();
  }
  say('From source to a cluster, on a host that has no way to the Internet.');
  say(`From here on this machine gets a cache in ${cacheRoot()},`);
  say('and, as long as there are hosts, settings of the kernel that they need. Nothing else of it changes.\n');
  const stages = stagesOf(5);
  await stages.run(
    {
      title: 'Build Kubernetes, etcd, Calico, containerd and Salt from source; sign packages, make images',
      usually: '40 minutes the first time on two cores, then a second',
    },
    (report) => testRelease({}, report),
  );
  const disc = await stages.run(
    { title: 'Make one signed ISO of them by metalk8s build-iso', usually: 'a minute the first time, then seconds' },
    makeDisc,
  );
  const made = await stages.run(
    {
      title: 'Make a host without any way to the Internet, and put the ISO in',
      usually: '2 minutes the first time, then 3 seconds',
    },
    async (report) => {
      const there = await site.makeSite(disc, report, (network) => {
        unfinished = network;
      });
      report(await site.askTheInternet(there.host));
      return there;
    },
  );
  await stages.run({ title: `On it: ${site.BOOTSTRAP.join(' ')}`, usually: 'a minute', writes: true }, () =>
    bootstrap(made),
  );
  unfinished = undefined;
  return show(made, disc.toolsImage, stages);
}

/** Runs it as a person at that host would, who sees its own progress. */
async function bootstrap({ host, network }: site.Site): Promise<void> {
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const args = [...(isTerminal ? ['-tt'] : []), ...sshArguments(host.login, site.BOOTSTRAP)];
  const ssh = spawn('ssh', args, { stdio: 'inherit' });
  const code = await new Promise((resolve, reject) => ssh.once('error', reject).once('close', resolve));
  if (code === 0) return;
  // Where only this process was told to stop, ssh is ended by it, and says nothing of bootstrap.
  if (code === 130 || stop.signal.aborted) throw new Interrupted('bootstrap was stopped');
  // It stays for a look, as there is more to be seen on it than here.
  if (unfinished === network) unfinished = undefined;
  throw new Error(
    `bootstrap ended with exit status ${code}: see above.\n` +
      `The host stays for a look: npm run hosts -- ssh ${site.HOST}, and there ls /var/log/metalk8s\n` +
      `Go on with it:  npm run hosts -- ssh ${site.HOST} ${site.BOOTSTRAP.join(' ')}\n` +
      `Take it down:   npm run hosts -- down ${site.HOST}`,
  );
}

async function show(there: site.Site, image: string, stages: StageScreen): Promise<number> {
  const { host } = there;
  const address = await stages.run({ title: 'Deploy a service, and ask it', usually: '5 seconds' }, (report) =>
    site.deployAndAsk(there, image, report),
  );
  const shown = async (...args: readonly string[]) => {
    say(`\n$ kubectl ${args.join(' ')}`);
    say(await kubectl(host, args));
  };
  await shown('get', 'nodes', '--output=wide');
  await shown('get', 'pods', '--all-namespaces');
  say(`\n$ curl ${address}\n${site.PAGE}`);
  say(`\nThe host ${site.HOST} stays, with this cluster on it.`);
  say(`Log in:        npm run hosts -- ssh ${site.HOST}      (kubectl works there)`);
  say(`Ask it:        curl ${address}`);
  say(`Take it down:  npm run hosts -- down ${site.HOST}`);
  host.disconnect();
  return 0;
}

/** Tells why it ended, and removes what is half made. */
async function leave(error: Error): Promise<number> {
  const interrupted = error instanceof Interrupted;
  keep(inspect(error));
  process.stderr.write(`\n${interrupted ? `${error.message}: cleaning up ...` : error.message}\n`);
  // Where one build failed, others go on beside it, and more would follow.
  beginNoMoreBuilds();
  await endProcesses(run);
  if (interrupted) await Promise.race([working.catch(() => {}), sleep(LEAVING_MS)]);
  await unfinished?.destroy();
  await removeNetworksOf(await ownIdentity());
  process.stderr.write(
    interrupted ? 'Nothing is left but what is built so far. The next run goes on from there.\n' : `Log: ${logFile}\n`,
  );
  return interrupted ? 130 : 1;
}
