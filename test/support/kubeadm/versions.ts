/** A Kubernetes minor version with golden data, and the release whose kubeadm makes it. */
export interface OracleVersion {
  readonly minor: string;
  readonly version: string;
}

/** The one that every test run makes anew. */
export const NEWEST_VERSION: OracleVersion = { minor: '1.36', version: '1.36.3' };

/** The minors a cluster can have or be upgraded from, newest first. */
export const ORACLE_VERSIONS: readonly OracleVersion[] = [
  NEWEST_VERSION,
  { minor: '1.35', version: '1.35.4' },
  { minor: '1.34', version: '1.34.4' },
];

/** Finds a version by release (`1.36.3`) or minor (`1.36`). Throws, naming the choice, for any other. */
export function oracleVersion(wanted: string): OracleVersion {
  const found = ORACLE_VERSIONS.find(({ minor, version }) => wanted === minor || wanted === version);
  if (found) return found;
  throw new Error(
    `no golden data for Kubernetes ${wanted}: there is ${ORACLE_VERSIONS.map(({ version }) => version).join(', ')}`,
  );
}
