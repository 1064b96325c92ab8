import type { EffectiveConfiguration } from '../config/configuration.types.ts';
import type { RunRecord } from '../engine/run-record.ts';
import type { observeHost } from '../facts/gather.ts';
import type { ObservedHost } from '../facts/observed-host.ts';
import { preflightQuestions } from '../facts/preflight-questions.ts';
import type { Host } from '../hosts/host.ts';
import type { NodeRole } from '../kubernetes/node-role.ts';
import type { Finding } from '../preflight/check.ts';
import { neededRoom, type RoomyArchive } from '../preflight/needed-room.ts';
import { runChecks } from '../preflight/run-checks.ts';
import type { ArchiveDescription } from '../release/archive-description.ts';

export interface HostToJudge {
  readonly host: Host;
  readonly observe: typeof observeHost;
  readonly roles: readonly NodeRole[];
  readonly configuration: EffectiveConfiguration;
  /** All archives that the node is to have; none: nothing is said about packages and room. */
  readonly archives: readonly RoomyArchive[];
  /** The one of them that is installed from. */
  readonly installed: ArchiveDescription | undefined;
  /** See {@link isOurs}. */
  readonly ours: boolean;
  /** See `ignoredChecks`. */
  readonly ignored: ReadonlySet<string>;
  /** Of whoever called, on that host. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stop: AbortSignal;
}

export interface JudgedHost {
  readonly observed: ObservedHost;
  readonly findings: readonly Finding[];
}

/** Whether what stands on a host may be of a run of ours: one was begun there, and no reset has ended since. */
export function isOurs(last: RunRecord | undefined): boolean {
  return last !== undefined && !(last.command === 'reset' && last.state === 'finished');
}

/** Looks at a host and judges it: what `preflight` tells, and what every change begins with. Throws as `observeHost` does. */
export async function judgeHost(request: HostToJudge): Promise<JudgedHost> {
  const { host, roles, configuration, archives, installed, ours, ignored, env, stop } = request;
  const environment = Object.keys(env).filter((name) => env[name]);
  const files = namedFiles(configuration);
  const { controlPlane, workloadPlane } = configuration.networks;
  const probedNetworks = [...controlPlane.cidr, ...workloadPlane.cidr];
  const questions = { ...preflightQuestions, files, probedNetworks, sudoUser: env.SUDO_USER, environment };
  const observed = await request.observe(host, questions, stop);
  const node = { platform: observed.platform, mountsImages: observed.mountsImages, roles };
  const room = ours || installed === undefined ? [] : neededRoom(installedFirst(archives, installed), node);
  const subject = { host: observed, roles, configuration, archive: installed, room, ours };
  return { observed, findings: runChecks(subject, ignored) };
}

/** Files on a node that its configuration only names. */
function namedFiles({ kubernetes }: EffectiveConfiguration): readonly string[] {
  const { CAFile } = kubernetes.apiServer.oidc ?? {};
  return CAFile === undefined ? [] : [CAFile];
}

function installedFirst(archives: readonly RoomyArchive[], { version }: ArchiveDescription) {
  const isInstalled = ({ description }: RoomyArchive) => description.version === version;
  return [...archives.filter(isInstalled), ...archives.filter((archive) => !isInstalled(archive))];
}
