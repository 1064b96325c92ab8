import { open } from 'node:fs/promises';
import { arch, hostname, release, userInfo } from 'node:os';
import type { ToolVersions } from '../tools.ts';

/** What only the whole build knows of itself. */
export interface BuildFacts {
  readonly startedAt: Date;
  readonly tools: ToolVersions;
  /** Version of the program that builds. */
  readonly builder: string;
}

interface BuiltImage {
  /** File or directory name. */
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  readonly volumeId: string;
  /** Seconds since 1970. */
  readonly epoch: number;
  readonly signingKey: string | null;
}

/**
 * Writes who built a disc, when, where and with what: beside the disc, since nothing of it may stand on a disc that is the same whoever
 * builds it.
 */
export async function writeBuildRecord(path: string, image: BuiltImage, facts: BuildFacts): Promise<void> {
  const finishedAt = new Date();
  const { name, size, sha256, volumeId, epoch, signingKey } = image;
  const record = {
    apiVersion: 'metalk8s.scality.com/v1alpha1',
    kind: 'BuildRecord',
    disc: { name, size, sha256, volumeId, date: new Date(epoch * 1000).toISOString(), signingKey },
    startedAt: facts.startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    durationSeconds: (finishedAt.getTime() - facts.startedAt.getTime()) / 1000,
    user: userName(),
    host: hostname(),
    system: `${release()} ${arch()}`,
    builder: facts.builder,
    node: process.versions.node,
    tools: facts.tools,
  };
  const file = await open(path, 'wx');
  try {
    await file.writeFile(`${JSON.stringify(record, undefined, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A user without an entry in the user database has a number alone. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.()}`;
  }
}
