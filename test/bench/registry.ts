import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { registryTemplates } from '../../src/product/registry-templates.ts';
import { type Catalogue, repositoryPath } from '../../src/registry/catalogue.ts';
import { registryConfiguration } from '../../src/registry/nginx-configuration.ts';
import { readImageLayout } from '../../src/registry/read-image-layout.ts';
import { median } from '../support/bench/median.ts';
import { type Client, clientOf } from '../support/registry/ask.ts';
import { makeCertificate } from '../support/registry/certificate.ts';
import { DISTRIBUTION_VERSION, distributionRegistry } from '../support/registry/distribution.ts';
import { writeDistributionStorage } from '../support/registry/distribution-storage.ts';
import { type LayoutMaker, makeLayout } from '../support/registry/image-layout.ts';
import { freePort, processorTimeOf, startNginx, testConfiguration, untilAnswered } from '../support/registry/nginx.ts';

/**
 * Requests a second of the static registry and of the distribution registry: the same content, plain HTTP with keep-alive, the same
 * client with the same settings, in turns. Then TLS, and what the configuration costs. Each registry has one processor and the client
 * another, so that neither takes from the other; a fast registry may still be faster than the client asks, so the processor time that each
 * uses for a request, the kernel's part included, stands beside.
 */
const COUNTS = [10, 300, 1000];
const REPEATS = 3;
const SECONDS = 2;
const CONNECTIONS = 16;
const KINDS = ['a whole pull', 'manifests by tag', 'manifests by digest', 'blobs of 4 KiB'] as const;

const SERVER = ['taskset', '--cpu-list', '0'];
const CLIENT = ['taskset', '--cpu-list', '1'];

const WIDTHS = [7, 20, 8, 9, 12, 9, 7, 7, 12, 9];

interface Rate {
  readonly perSecond: number;
  /** Microseconds of processor time for one request. */
  readonly cost: number;
}

const directory = await mkdtemp(join(tmpdir(), 'mk8s-bench-'));
try {
  const distribution = await distributionRegistry(say);
  const [busy = 0] = loadavg();
  if (availableParallelism() < 2) say('there is one processor only: registry and client take from each other');
  if (busy > 0.5) say(`others are at work here (load ${busy.toFixed(1)}): all figures are worse than they could be`);
  say(
    `wrk: 1 thread, ${CONNECTIONS} connections, ${SECONDS} s, median of ${REPEATS}; distribution ${DISTRIBUTION_VERSION}; one processor each`,
  );
  say('requests a second, and processor time a request\n');
  say(cells(['images', 'requests', 'static', '', 'distribution', '', 'ratio', '', 'static, TLS', '']));
  for (const count of COUNTS) await benchCount(count, distribution);
} finally {
  await rm(directory, { recursive: true });
}

async function benchCount(count: number, distribution: string): Promise<void> {
  const folder = join(directory, `${count}`);
  const maker = images(count);
  await maker.write(join(folder, 'images'));
  const catalogue = readImageLayout(maker.layout());
  await writeDistributionStorage(join(folder, 'distribution'), catalogue, maker.blobs);

  const plain = await startStatic(folder, catalogue, false);
  const secure = await startStatic(folder, catalogue, true);
  const rival = await startDistribution(folder, distribution);
  try {
    const contestants = [plain, rival, secure];
    for (const kind of KINDS) {
      const script = join(folder, 'requests.lua');
      const paths = pathsOf(catalogue, kind);
      await writeFile(script, luaOf(paths));
      for (const { ask } of contestants) await expectSame(ask, paths, maker);
      const rates = contestants.map((): Rate[] => []);
      for (let repeat = 0; repeat < REPEATS; repeat++) {
        for (const [index, contestant] of contestants.entries()) rates[index]?.push(await rate(contestant, script));
      }
      const [ours, theirs, tls] = rates.map(medians);
      if (!ours || !theirs || !tls) throw new Error('a registry was not measured');
      const ratios = [times(ours.perSecond / theirs.perSecond), times(theirs.cost / ours.cost)];
      say(cells([`${count}`, kind, ...shown(ours), ...shown(theirs), ...ratios, ...shown(tls)]));
    }
    say(`${count} images: ${plain.told}, ${mebibytes(await plain.memory())} MiB resident when serving\n`);
  } finally {
    for (const contestant of [plain, secure, rival]) await contestant.stop();
  }
}

interface Contestant {
  readonly origin: string;
  processorTime(): Promise<number>;
}

async function rate({ origin, processorTime }: Contestant, script: string): Promise<Rate> {
  const before = await processorTime();
  const [taskset, ...pin] = CLIENT as [string, ...string[]];
  const wrk = ['wrk', '-t1', `-c${CONNECTIONS}`, `-d${SECONDS}s`, '-s', script, origin];
  const { stdout } = await execa(taskset, [...pin, ...wrk]);
  const used = (await processorTime()) - before;
  const errors = /Non-2xx or 3xx responses: (\d+)|Socket errors: .*/.exec(stdout);
  if (errors !== null) throw new Error(`${origin}: ${errors[0]}`);
  const requests = Number(/(\d+) requests in/.exec(stdout)?.[1]);
  return { perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]), cost: (used / requests) * 1e6 };
}

function medians(rates: readonly Rate[]): Rate {
  return { perSecond: median(rates.map(({ perSecond }) => perSecond)), cost: median(rates.map(({ cost }) => cost)) };
}

/** One image a repository, each with a configuration and three small layers of its own, as most of Kubernetes' images have more. */
function images(count: number): LayoutMaker {
  const maker = makeLayout();
  for (let index = 0; index < count; index++) {
    const layers = [randomBytes(4096), randomBytes(4096), randomBytes(4096)];
    maker.name(maker.image('docker', layers), `registry.k8s.io/group-${index % 10}/image-${index}:v1.${index}.0`);
  }
  return maker;
}

/** A whole pull is the tag, the manifest, its configuration and layers, all by GET: wrk waits for the body of a HEAD. */
function pathsOf({ repositories }: Catalogue, kind: (typeof KINDS)[number]): string[] {
  return repositories.flatMap((repository) => {
    const path = `/v2/${repositoryPath(repository)}`;
    const tag = `${path}/manifests/${repository.tags[0]?.tag}`;
    const manifest = `${path}/manifests/${repository.manifests[0]?.digest}`;
    const blobs = repository.blobs.map((blob) => `${path}/blobs/${blob}`);
    if (kind === 'a whole pull') return [tag, manifest, ...blobs];
    if (kind === 'manifests by tag') return [tag];
    return kind === 'manifests by digest' ? [manifest] : blobs.slice(0, 1);
  });
}

/** The requests are made beforehand, so that the client costs the same for either. */
function luaOf(paths: readonly string[]): string {
  return `local paths = { ${paths.map((path) => JSON.stringify(path)).join(',\n')} }
local requests = {}
local next = 0
init = function()
  wrk.headers["Accept"] = "application/vnd.docker.distribution.manifest.v2+json, */*"
  for index, path in ipairs(paths) do requests[index] = wrk.format("GET", path) end
end
request = function()
  next = next % #requests + 1
  return requests[next]
end
`;
}

async function startStatic(folder: string, catalogue: Catalogue, secure: boolean) {
  const state = await mkdtemp(join(folder, 'nginx-'));
  const certificate = secure ? await makeCertificate(state) : undefined;
  const port = await freePort();
  const templates = await registryTemplates();
  const archive = {
    name: '136.0.0',
    catalogue,
    blobs: join(folder, 'images/blobs/sha256'),
    packages: join(folder, 'packages'),
  };
  const server = {
    listen: [{ address: '127.0.0.1', port }],
    stateDirectory: state,
    ...(certificate ? { tls: certificate } : {}),
  };
  const [generated, { nginx }] = await timed(() => registryConfiguration([archive], server, templates));
  const configuration = join(state, 'nginx.conf');
  await writeFile(configuration, nginx);
  const tests: number[] = [];
  for (let repeat = 0; repeat < 5; repeat++) {
    const [time, complaint] = await timed(() => testConfiguration(state, configuration));
    if (complaint !== '') throw new Error(complaint);
    tests.push(time);
  }
  const running = await startNginx({ directory: state, port, configuration, user: SERVER, globals: 'user root;' });
  const ask = clientOf({ port, ...(certificate ? { ca: certificate.authority } : {}) });
  const size = mebibytes(Buffer.byteLength(nginx));
  return {
    ask,
    origin: `${secure ? 'https' : 'http'}://127.0.0.1:${port}`,
    told: `${size} MiB generated in ${Math.round(generated)} ms, nginx -t ${Math.round(median(tests))} ms`,
    memory: running.memory,
    processorTime: running.processorTime,
    stop: async () => {
      ask.close();
      await running.stop();
    },
  };
}

async function startDistribution(folder: string, program: string) {
  const port = await freePort();
  const configuration = join(folder, 'distribution.yaml');
  await writeFile(
    configuration,
    JSON.stringify({
      version: 0.1,
      log: { level: 'error', accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: join(folder, 'distribution') }, cache: { blobdescriptor: 'inmemory' } },
      http: { addr: `127.0.0.1:${port}` },
    }),
  );
  const env = { OTEL_TRACES_EXPORTER: 'none' };
  const child = execa('setpriv', ['--pdeathsig', 'KILL', '--', ...SERVER, program, 'serve', configuration], {
    reject: false,
    env,
  });
  await untilAnswered(port);
  const { pid } = child;
  if (pid === undefined) throw new Error('the distribution registry did not start');
  const ask = clientOf({ port });
  const stop = async () => {
    ask.close();
    child.kill('SIGKILL');
    await child;
  };
  return { ask, origin: `http://127.0.0.1:${port}`, processorTime: () => processorTimeOf(pid), stop };
}

/** Two registries can only be compared when they answer alike. */
async function expectSame(ask: Client, paths: readonly string[], maker: LayoutMaker): Promise<void> {
  for (const path of paths.slice(0, 20)) {
    const { status, headers, body } = await ask(path, { headers: { accept: '*/*' } });
    const digest = String(headers['docker-content-digest']);
    if (status !== 200 || !maker.blobs.get(digest)?.equals(body))
      throw new Error(`${path}: ${status}, not what was stored`);
  }
}

async function timed<Result>(act: () => Result | Promise<Result>): Promise<[number, Result]> {
  const started = performance.now();
  const result = await act();
  return [performance.now() - started, result];
}

function cells(texts: readonly string[]): string {
  return texts
    .map((text, index) => (index < 2 ? text.padEnd(WIDTHS[index] ?? 8) : text.padStart(WIDTHS[index] ?? 8)))
    .join(' ');
}

function shown({ perSecond, cost }: Rate): string[] {
  return [`${Math.round(perSecond)}`, `${cost.toFixed(1)} µs`];
}

function times(ratio: number): string {
  return `${ratio.toFixed(1)}×`;
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
