import type { BuildContext } from './build-context.ts';
import type { BuildRequest } from './build-request.ts';
import { findSigningKey } from './find-signing-key.ts';
import { openSigner } from './gpg-signer.ts';
import { packageTools } from './packages/tool-versions.ts';
import type { Signer } from './signer.ts';
import { signingDate } from './signing-date.ts';
import { requireTools, type ToolName, type ToolVersions, toolEnvironment } from './tools.ts';

/** The build station, found fit. */
export interface Station {
  readonly tools: ToolVersions;
  /** In which the tools are found. */
  readonly env: BuildContext['env'];
  /** Left out for an unsigned disc. */
  readonly signer?: Signer;
  /** Seconds since 1970: the one date of the disc. */
  readonly epoch: number;
}

const TOOLS: readonly ToolName[] = [...packageTools, 'rpmkeys', 'skopeo', 'xorriso', 'nginx', 'setpriv'];

/**
 * Looks for everything that a build needs of its machine, before it fetches anything. The date of the disc is that of SOURCE_DATE_EPOCH; else
 * the day of the release, or the day when the signing key came to be what it is, whichever is later: the same for each build with that key.
 */
export async function openStation(
  request: Pick<BuildRequest, 'signingKey' | 'sourceDateEpoch'>,
  day: string,
  { env: given, stop }: Pick<BuildContext, 'env' | 'stop'>,
): Promise<Station> {
  const { signingKey: named, sourceDateEpoch } = request;
  const env = toolEnvironment(given);
  const tools = await requireTools(TOOLS, { env, stop });
  const earliest = Date.parse(`${day}T00:00:00Z`) / 1000;
  if (named === undefined) return { tools, env, epoch: sourceDateEpoch ?? earliest };
  const key = await findSigningKey(named, { env, stop });
  const epoch = sourceDateEpoch ?? signingDate(key, earliest);
  return { tools, env, epoch, signer: await openSigner({ key, epoch, env, stop }) };
}
