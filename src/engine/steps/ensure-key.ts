import { ensureKey as ensure } from '../../pki/ensure-key.ts';
import type { StepHandler } from '../step-handler.ts';
import { ensureSecret } from './secrets.ts';

export const ensureKey: StepHandler<'ensure-key'> = ({ specification }, context) =>
  ensureSecret(specification, ensure, context);
