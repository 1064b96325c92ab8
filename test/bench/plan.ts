import { spawnSync } from 'node:child_process';
import { writeSync } from 'node:fs';
import { bootstrapPlan } from '../../src/plan/bootstrap-plan.ts';
import { placeOf, repositoryOf, servedArchive } from '../../src/plan/node-archives.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { contentsOf } from '../../src/plan/planned-file.ts';
import { type NodeSupply, type PlannedNode, plannedNode } from '../../src/plan/planned-node.ts';
import { saltFilesStep, saltPhaseStep } from '../../src/plan/salt-steps.ts';
import { secretSteps } from '../../src/plan/secret-steps.ts';
import { nodePackages } from '../../src/salt/node-packages.ts';
import { saltPhases } from '../../src/salt/phases.ts';
import { clusterNode, clusterSettings, hostFacts, workerNode } from '../support/kubernetes/cluster-node.ts';
import { bootstrapInputs } from '../support/plan/bootstrap-inputs.ts';

/**
 * `npm run bench -- plan`: the whole plan of a first node, then all files of 1 to 1,000 nodes of one cluster rendered and put into one plan
 * with its digest, each in a process of its own: time of the first time, without a warm-up, and the most memory that the process ever had,
 * beside that of the same process before it began. Fails when 1,000 nodes take more than a second or 200 MB.
 */
const SIZES = [1, 10, 100, 1000];
const LIMIT = { milliseconds: 1000, mebibytes: 200 };
const CONTROL_PLANES = 3;

interface Measured {
  readonly milliseconds: number;
  /** Milliseconds that processors worked for it, garbage collector included. */
  readonly processor: number;
  readonly mebibytes: number;
  readonly before: number;
  readonly steps: number;
  readonly contents: number;
}

const [, , asked] = process.argv;
if (asked === undefined) compare();
else writeSync(1, JSON.stringify(await measure(asked)));

function compare(): void {
  row(['', 'ms', 'ms CPU', 'MB', 'at start', 'steps', 'contents', 'µs/node']);
  for (const size of ['bootstrap', ...SIZES]) {
    const measured = inProcess(String(size));
    const { milliseconds, processor, mebibytes, before, steps, contents } = measured;
    const nodes = size === 'bootstrap' ? 1 : Number(size);
    const each = (milliseconds * 1000) / nodes;
    row([
      size === 'bootstrap' ? size : `${size} nodes`,
      milliseconds,
      processor,
      mebibytes,
      before,
      steps,
      contents,
      each,
    ]);
    if (milliseconds > LIMIT.milliseconds || mebibytes > LIMIT.mebibytes) {
      process.stdout.write(`more than ${LIMIT.milliseconds} ms or ${LIMIT.mebibytes} MB\n`);
      process.exitCode = 1;
    }
  }
}

function inProcess(size: string): Measured {
  const { status, stdout } = spawnSync(process.execPath, [import.meta.filename, size], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${size} ended with ${status}`);
  return JSON.parse(stdout) as Measured;
}

async function measure(size: string): Promise<Measured> {
  const inputs = await bootstrapInputs();
  const before = peak();
  const started = performance.now();
  const used = process.cpuUsage();
  const plan = size === 'bootstrap' ? bootstrapPlan(inputs) : planOf(Number(size), inputs);
  const milliseconds = performance.now() - started;
  const { user, system } = process.cpuUsage(used);
  const contents = Object.keys(plan.contents).length;
  return {
    milliseconds,
    processor: (user + system) / 1000,
    mebibytes: peak(),
    before,
    steps: plan.steps.length,
    contents,
  };
}

function planOf(count: number, { configuration, archives, facts, templates, version }: Inputs) {
  const supply: NodeSupply = {
    configuration,
    version,
    archives: archives.map((each) => placeOf(each, facts.mountsImages)),
    repositories: archives.map((each) => repositoryOf(each, facts.platform)),
    packages: archives.flatMap(({ description: { packages } }) =>
      nodePackages(packages, { platform: facts.platform, roles: ['node'] }),
    ),
    served: archives.map(servedArchive),
  };
  const contents: Record<string, string> = {};
  const steps = nodes(count).flatMap((node) => {
    const planned = plannedNode(node, supply, templates);
    Object.assign(contents, contentsOf(planned.salt.files));
    return stepsOf(planned);
  });
  return makePlan({ command: 'bootstrap', version, kubernetes: '1.36.3' }, steps, contents);
}

type Inputs = Awaited<ReturnType<typeof bootstrapInputs>>;

function nodes(count: number) {
  const addresses = Array.from(
    { length: count },
    (_, index) => `10.200.${Math.floor(index / 250)}.${(index % 250) + 1}`,
  );
  const controlPlaneAddresses = addresses.slice(0, CONTROL_PLANES);
  const cluster = clusterSettings({ controlPlaneAddresses, etcdAddresses: controlPlaneAddresses });
  return addresses.map((advertiseAddress, index) => {
    const nodeName = `node${index}`;
    const changes = { nodeName, advertiseAddress, cluster, host: hostFacts({ hostname: nodeName }) };
    return index < CONTROL_PLANES ? clusterNode(changes) : workerNode(changes);
  });
}

function stepsOf(planned: PlannedNode) {
  return [
    saltFilesStep(planned),
    ...secretSteps(planned.node),
    ...saltPhases.map((phase) => saltPhaseStep(planned, phase)),
  ];
}

/** Mebibytes. */
function peak(): number {
  return process.resourceUsage().maxRSS / 1024;
}

function row(cells: readonly (string | number)[]): void {
  const texts = cells.map((cell) => (typeof cell === 'number' ? cell.toFixed(0) : cell));
  process.stdout.write(`${texts.map((text, index) => (index === 0 ? text.padEnd(12) : text.padStart(10))).join('')}\n`);
}
