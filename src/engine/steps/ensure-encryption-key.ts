import { ensureEncryptionKey as ensure } from '../../pki/ensure-encryption-key.ts';
import type { StepHandler } from '../step-handler.ts';
import { ensureSecret } from './secrets.ts';

export const ensureEncryptionKey: StepHandler<'ensure-encryption-key'> = ({ specification }, context) =>
  ensureSecret(specification, ensure, context);
