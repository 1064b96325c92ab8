import type { BuildContext } from '../build-context.ts';
import { requireTools, type ToolVersions } from '../tools.ts';

const asked = new WeakMap<BuildContext['env'], Promise<ToolVersions>>();

/** The versions of all programs that packages pass through, which results depend on. Asked once in a build. */
export function toolVersions(context: BuildContext): Promise<ToolVersions> {
  const versions =
    asked.get(context.env) ?? requireTools(['dnf', 'rpm', 'rpmsign', 'createrepo_c', 'gpg', 'unshare'], context);
  asked.set(context.env, versions);
  return versions;
}
