import { ensureCertificate as ensure } from '../../pki/ensure-certificate.ts';
import type { StepHandler } from '../step-handler.ts';
import { ensureSecret } from './secrets.ts';

export const ensureCertificate: StepHandler<'ensure-certificate'> = ({ specification }, context) =>
  ensureSecret(specification, ensure, context);
