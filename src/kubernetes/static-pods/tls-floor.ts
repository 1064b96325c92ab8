/** Suites of TLS 1.2 with forward secrecy and authenticated encryption, by Go's names. Those of TLS 1.3 cannot be chosen. */
export const cipherSuites = [
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
] as const;

/** The oldest version of TLS, by Kubernetes' name for it. */
export const OLDEST_TLS = 'VersionTLS12';

export const OLDEST_TLS_REASON = 'nothing older than TLS 1.2, whatever the default of a version is';
export const CIPHER_SUITES_REASON = 'no suite of TLS 1.2 without forward secrecy or with CBC';
