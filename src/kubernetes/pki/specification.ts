/** kubeadm's values of `encryptionAlgorithm`. */
const keyAlgorithms = ['RSA-2048', 'RSA-3072', 'RSA-4096', 'ECDSA-P256', 'ECDSA-P384'] as const;
export type KeyAlgorithm = (typeof keyAlgorithms)[number];

/** Names of the key usage extension's bits, as RFC 5280 has them. */
export const keyUsages = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export type KeyUsage = (typeof keyUsages)[number];

export type ExtendedKeyUsage = 'serverAuth' | 'clientAuth';

/** Where a file lies on its node and what protects it. Path: absolute. */
export interface FileSpecification {
  readonly path: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** What a certificate says. Everything in it is public, so it may stand in a plan. */
export interface CertificateProfile {
  readonly commonName: string;
  readonly organizations: readonly string[];
  /** Sorted, without duplicates, as kubeadm writes them. */
  readonly dnsNames: readonly string[];
  /** In kubeadm's order, without duplicates. */
  readonly ipAddresses: readonly string[];
  readonly keyUsages: readonly KeyUsage[];
  readonly extendedKeyUsages: readonly ExtendedKeyUsage[];
  readonly validityDays: number;
  /** How long before its making a certificate begins to be valid, so that clocks may differ by as much. */
  readonly backdateMinutes: number;
  readonly keyAlgorithm: KeyAlgorithm;
}

/** Something that kubeadm would not have made, and why it is there. */
export interface Addition {
  /** `file`: all of it; `ip-address`: one subject alternative name. */
  readonly adds: 'file' | 'ip-address';
  readonly value: string;
  readonly reason: string;
}

export interface AuthoritySpecification {
  readonly kind: 'authority';
  /** kubeadm's name for it: `ca`, `front-proxy-ca`, `etcd-ca`. */
  readonly name: string;
  readonly certificate: FileSpecification;
  /** Undefined on a node that trusts the authority but does not issue with it. */
  readonly key: FileSpecification | undefined;
  readonly profile: CertificateProfile;
}

/** Where the pair that signs is found, on the host that issues. */
export interface AuthorityReference {
  readonly name: string;
  readonly certificatePath: string;
  readonly keyPath: string;
}

export interface LeafSpecification {
  readonly kind: 'leaf';
  /** kubeadm's name for it, as in `kubeadm init phase certs NAME`. */
  readonly name: string;
  readonly certificate: FileSpecification;
  readonly key: FileSpecification;
  readonly issuer: AuthorityReference;
  readonly profile: CertificateProfile;
  readonly additions: readonly Addition[];
}

export type CertificateSpecification = AuthoritySpecification | LeafSpecification;

/** A private key with its public half beside it, without a certificate. */
export interface KeyPairSpecification {
  readonly kind: 'key-pair';
  readonly name: string;
  readonly privateKey: FileSpecification;
  readonly publicKey: FileSpecification;
  readonly keyAlgorithm: KeyAlgorithm;
}

export interface KubeconfigSpecification {
  readonly kind: 'kubeconfig';
  /** kubeadm's name of the file, such as `admin.conf`. */
  readonly name: string;
  readonly file: FileSpecification;
  readonly clusterName: string;
  /** `https://host:port` */
  readonly server: string;
  /** Name of the user entry, and common name of its certificate. */
  readonly user: string;
  readonly issuer: AuthorityReference;
  readonly profile: CertificateProfile;
  /**
   * The file with certificate and key that the kubelet renews by itself. Once it is there and good, the kubeconfig names it instead
   * of holding a certificate of its own, as after kubeadm's phase `kubelet-finalize`.
   */
  readonly rotatedFile: string | undefined;
}

const encryptionProviders = ['secretbox', 'aescbc'] as const;
export type EncryptionProvider = (typeof encryptionProviders)[number];

/** The apiserver's EncryptionConfiguration. The key itself is made where the file lives. */
export interface EncryptionKeySpecification {
  readonly kind: 'encryption-key';
  readonly file: FileSpecification;
  readonly provider: EncryptionProvider;
  readonly keyName: string;
  /** Resources that are stored encrypted, such as `secrets`. */
  readonly resources: readonly string[];
}

export type PkiSpecification =
  | CertificateSpecification
  | KeyPairSpecification
  | KubeconfigSpecification
  | EncryptionKeySpecification;
