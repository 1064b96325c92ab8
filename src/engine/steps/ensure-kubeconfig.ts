import { ensureKubeconfig as ensure } from '../../pki/ensure-kubeconfig.ts';
import { RUNTIME_DIRECTORY } from '../../plan/reset-paths.ts';
import type { StepHandler } from '../step-handler.ts';
import { bringUp } from '../unit.ts';
import { ensureSecret } from './secrets.ts';

/**
 * A unit that reads the file is started anew when the file was changed. That this is owed is noted before, and struck out after: whatever
 * instant a run is killed at, the next one does it, once too often at worst. The note is gone after a start of the host, and so is the debt.
 */
export const ensureKubeconfig: StepHandler<'ensure-kubeconfig'> = async ({ specification, restarts }, context) => {
  const { files } = context.host;
  if (restarts === null) return ensureSecret(specification, ensure, context);
  const note = `${RUNTIME_DIRECTORY}/restart-${restarts}`;
  const isOwed = (await files.look(note)) !== undefined;
  if (!isOwed) await files.writeAtomic([{ path: note, content: '', mode: 0o600, uid: 0, gid: 0 }]);
  const { changed } = await ensureSecret(specification, ensure, context);
  if (changed || isOwed) await bringUp(context.host, restarts, 'restart');
  await files.remove(note);
  return { changed: changed || isOwed };
};
