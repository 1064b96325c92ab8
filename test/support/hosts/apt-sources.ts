import { machineTool } from './machine-tool.ts';

/** The Debian release that all hosts are made from. */
export const SUITE = 'bookworm';

const FORMAT = '$(REPO_URI)|$(RELEASE)|$(CODENAME)|$(COMPONENT)|$(ORIGIN)|$(SIGNED_BY)';

/** Where the machine's own apt gets Debian packages from, in the form that mmdebstrap takes. */
export interface AptSources {
  /** `deb …` lines. */
  readonly lines: readonly string[];
  /** apt's options for transport (proxies, retries), as `Name "value";`. */
  readonly options: readonly string[];
}

/** Reads apt's configuration; fetches its package lists first when they are missing. */
export async function aptSources(): Promise<AptSources> {
  const options = transportOptions(await machineTool(['apt-config', 'dump']));
  const lines = sourceLines(await indexTargets());
  if (lines.length > 0) return { lines, options };
  await machineTool(['apt-get', 'update']);
  const updated = sourceLines(await indexTargets());
  if (updated.length > 0) return { lines: updated, options };
  throw new Error(
    `The machine's apt has no source of Debian ${SUITE}, which test hosts are made from. ` +
      `Add one to /etc/apt/sources.list.d (Suites: ${SUITE} ${SUITE}-updates, Components: main) and run apt-get update.`,
  );
}

/** The `deb` lines for Debian's own repositories of our suite, from the output of `apt-get indextargets`. */
export function sourceLines(targets: string): string[] {
  const rows = targets
    .split('\n')
    .map((line) => line.split('|'))
    .filter(([, , codename, component, origin]) => {
      return origin === 'Debian' && component === 'main' && codename?.split('-')[0] === SUITE;
    });
  const lines = rows.map(([uri, suite, , component, , signedBy]) => {
    const option = signedBy?.startsWith('/') ? `[signed-by=${signedBy}] ` : '';
    return `deb ${option}${uri} ${suite} ${component}`;
  });
  return [...new Set(lines)];
}

/** The options of `apt-config dump` that say how to reach servers. */
export function transportOptions(dump: string): string[] {
  return dump.split('\n').filter((line) => /^Acquire::(https?|Retries|ForceIPv[46]|proxy)\b.* "[^"]+";$/i.test(line));
}

async function indexTargets(): Promise<string> {
  return machineTool(['apt-get', 'indextargets', '--format', FORMAT, 'Created-By: Packages']);
}
