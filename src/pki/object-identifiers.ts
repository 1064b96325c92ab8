import { id_kp_clientAuth, id_kp_serverAuth } from '@peculiar/asn1-x509';
import type { ExtendedKeyUsage } from '../kubernetes/pki/specification.ts';

/** Attributes of a subject (X.520). */
export const COMMON_NAME = '2.5.4.3';
export const ORGANIZATION = '2.5.4.10';

export const extendedKeyUsageOids: Readonly<Record<ExtendedKeyUsage, string>> = {
  serverAuth: id_kp_serverAuth,
  clientAuth: id_kp_clientAuth,
};
