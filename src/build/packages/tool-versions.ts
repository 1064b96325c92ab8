import type { BuildContext } from '../build-context.ts';
import { requireTools, type ToolName, type ToolVersions } from '../tools.ts';

/** What packages pass through, whether the disc is signed or not. */
export const packageTools: readonly ToolName[] = ['dnf', 'rpm', 'rpmsign', 'createrepo_c', 'gpg', 'unshare'];

/** The versions of all programs that packages pass through, which results depend on. */
export function toolVersions(context: BuildContext): Promise<ToolVersions> {
  return requireTools(packageTools, context);
}
