import type { BuildContext } from '../build-context.ts';
import { requireTools, type ToolVersions } from '../tools.ts';

/** The versions of all programs that packages pass through, which results depend on. */
export function toolVersions(context: BuildContext): Promise<ToolVersions> {
  return requireTools(['dnf', 'rpm', 'rpmsign', 'createrepo_c', 'gpg', 'unshare'], context);
}
