import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TakenArchive } from '../../../src/archive/take-archive.ts';
import { bootstrapAt } from '../../../src/cli/bootstrap.ts';
import type { BootstrapSite } from '../../../src/cli/bootstrap-site.ts';
import type { CommandTable } from '../../../src/cli/command.ts';
import { discPaths } from '../../../src/disc/paths.ts';
import type { ObservedHost } from '../../../src/facts/observed-host.ts';
import type { Host } from '../../../src/hosts/host.ts';
import { CALICO_MANIFEST } from '../../../src/kubernetes/objects/calico/calico-objects.ts';
import type { Step } from '../../../src/plan/plan.ts';
import { exampleText } from '../../config/example.ts';
import { manifestObjects, manifestText } from '../../kubernetes/objects/calico/manifest.ts';
import { everyHandler } from '../engine/sample-run.ts';
import { availableArchive } from '../plan/bootstrap-inputs.ts';
import { healthyHost } from '../preflight/healthy-host.ts';
import { type MainOptions, type MainResult, runMain } from '../run-main.ts';

/** A site of which nothing is real but its folders: the command runs as it is, and what it acts on are stand-ins. */
export interface BootstrapStandIn {
  /** Everything that reached an edge, in order: `take PATH`, `observe`, `step ID`. */
  readonly calls: string[];
  readonly configuration: string;
  /** Runs `metalk8s` with these arguments and the configuration. */
  run(argv: readonly string[], options?: Omit<MainOptions, 'table'>): Promise<MainResult>;
  /** Files below the site's folders, beside the configuration. */
  files(): Promise<readonly string[]>;
}

export interface StandInOptions {
  readonly uid?: number;
  /** Lines at the end of the configuration. */
  readonly lines?: readonly string[];
  readonly observed?: () => ObservedHost;
  /** Whether the host has something at a path. */
  readonly has?: (path: string) => boolean;
  readonly archives?: (paths: readonly string[]) => Promise<readonly TakenArchive[]>;
  /** What a step comes to: whether it changed something. */
  readonly step?: (step: Step) => Promise<boolean> | boolean;
}

export async function bootstrapStandIn(directory: string, options: StandInOptions = {}): Promise<BootstrapStandIn> {
  const {
    uid = 0,
    lines = [],
    observed = healthyHost,
    archives = takenArchives,
    step = changes,
    has = () => false,
  } = options;
  const calls: string[] = [];
  const root = join(directory, 'host');
  const configuration = join(directory, 'bootstrap.yaml');
  await mkdir(root);
  await writeFile(configuration, exampleText(...lines));
  const site: BootstrapSite = {
    uid,
    host: {
      name: 'bootstrap',
      // Steps are stood in for; what is run beside them finds nothing, and goes well.
      run: async () => ({ exitCode: 0, stdout: '', stderr: '' }),
      files: { read: async () => undefined, look: async (path: string) => (has(path) ? FILE : undefined) },
    } as unknown as Host,
    observe: async () => {
      calls.push('observe');
      return observed();
    },
    take: async (paths) => {
      for (const path of paths) calls.push(`take ${path}`);
      return archives(paths);
    },
    paths: {
      lock: join(root, 'lock'),
      runs: join(root, 'runs'),
      possessions: join(root, 'possessions.json'),
      logs: join(root, 'logs'),
      trust: join(root, 'trust'),
    },
  };
  const handlers = everyHandler(async (each) => {
    calls.push(`step ${each.id}`);
    return { changed: await step(each) };
  });
  const table: CommandTable = {
    bootstrap: { summary: 'the first node', load: async () => bootstrapAt(() => site, handlers) },
  };
  return {
    calls,
    configuration,
    run: (argv, main = {}) => runMain([...argv, '--config', configuration], { ...main, table }),
    files: async () => (await readdir(root, { recursive: true })).sort(),
  };
}

const FILE = { type: 'file', mode: 0o644, uid: 0, gid: 0, size: 1 };

/** Every step that can change something does. */
function changes({ kind }: Step): boolean {
  return kind !== 'wait-for' && kind !== 'check-archive';
}

/** The archive of the example, as if it had been verified. */
async function takenArchives(paths: readonly string[]): Promise<readonly TakenArchive[]> {
  return Promise.all(paths.map((path) => takenArchive({ path })));
}

export async function takenArchive(changes: Partial<TakenArchive> = {}): Promise<TakenArchive> {
  const signer = { fingerprint: 'AB'.repeat(20), name: 'release', file: '/k.asc', date: new Date(0), warnings: [] };
  const texts = { [`${discPaths.upstream}/${CALICO_MANIFEST}`]: manifestText(manifestObjects()) };
  return { ...(await availableArchive()), signer, bytes: 2 ** 29, fileBytes: 2 ** 30, texts, ...changes };
}
