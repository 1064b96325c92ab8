import type { StepHandlers } from './step-handler.ts';
import { applyObjects } from './steps/apply-objects.ts';
import { checkArchive } from './steps/check-archive.ts';
import { copyFromArchive } from './steps/copy-from-archive.ts';
import { copyKubeconfig } from './steps/copy-kubeconfig.ts';
import { ensureCertificate } from './steps/ensure-certificate.ts';
import { ensureEncryptionKey } from './steps/ensure-encryption-key.ts';
import { ensureKey } from './steps/ensure-key.ts';
import { ensureKubeconfig } from './steps/ensure-kubeconfig.ts';
import { importImages } from './steps/import-images.ts';
import { installPackages } from './steps/install-packages.ts';
import { patchNode } from './steps/patch-node.ts';
import { placeArchive } from './steps/place-archive.ts';
import { placeFiles } from './steps/place-files.ts';
import { saltPhase } from './steps/salt-phase.ts';
import { startUnit } from './steps/start-unit.ts';
import { waitFor } from './steps/wait-for.ts';
import { undoHandlers } from './undo-handlers.ts';

/** Who carries out which kind of step. */
export const stepHandlers: StepHandlers = {
  ...undoHandlers,
  'place-archive': placeArchive,
  'place-files': placeFiles,
  'start-unit': startUnit,
  'check-archive': checkArchive,
  'copy-from-archive': copyFromArchive,
  'install-packages': installPackages,
  'salt-phase': saltPhase,
  'ensure-certificate': ensureCertificate,
  'ensure-key': ensureKey,
  'ensure-kubeconfig': ensureKubeconfig,
  'ensure-encryption-key': ensureEncryptionKey,
  'import-images': importImages,
  'wait-for': waitFor,
  'apply-objects': applyObjects,
  'patch-node': patchNode,
  'copy-kubeconfig': copyKubeconfig,
};
