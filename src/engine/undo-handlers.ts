import type { UndoAction } from '../plan/undo-kinds.ts';
import type { StepHandlers } from './step-handler.ts';
import { clearNetwork } from './steps/clear-network.ts';
import { endContainers } from './steps/end-containers.ts';
import { endProcesses } from './steps/end-processes.ts';
import { releaseHolds } from './steps/release-holds.ts';
import { reloadUnits } from './steps/reload-units.ts';
import { removeCopy } from './steps/remove-copy.ts';
import { removePackages } from './steps/remove-packages.ts';
import { removePaths } from './steps/remove-paths.ts';
import { removeRpmKeys } from './steps/remove-rpm-keys.ts';
import { removeUsers } from './steps/remove-users.ts';
import { restoreFiles } from './steps/restore-files.ts';
import { restoreSettings } from './steps/restore-settings.ts';
import { stopUnits } from './steps/stop-units.ts';
import { unmountBelow } from './steps/unmount-below.ts';

/** Who carries out which kind of step that takes away. */
export const undoHandlers: Pick<StepHandlers, UndoAction['kind']> = {
  'end-processes': endProcesses,
  'stop-units': stopUnits,
  'end-containers': endContainers,
  'unmount-below': unmountBelow,
  'clear-network': clearNetwork,
  'release-holds': releaseHolds,
  'remove-packages': removePackages,
  'remove-rpm-keys': removeRpmKeys,
  'remove-users': removeUsers,
  'restore-settings': restoreSettings,
  'remove-copy': removeCopy,
  'remove-paths': removePaths,
  'restore-files': restoreFiles,
  'reload-units': reloadUnits,
};
