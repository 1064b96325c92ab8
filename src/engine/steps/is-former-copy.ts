import { parse } from 'yaml';
import { canonicalJson } from '../../plan/canonical-json.ts';

/** What differs between copies of one kubeconfig that were made at different times, and between clusters at one address. */
const RENEWED: ReadonlySet<string> = new Set([
  'certificate-authority-data',
  'client-certificate-data',
  'client-key-data',
]);

/**
 * Whether a kubeconfig is a copy of an earlier form of another: of the same server, with the same names and nothing else in it. Its certificates
 * may be older, or those of a cluster that was there before.
 */
export function isFormerCopy(candidate: string, current: string): boolean {
  const shape = shapeOf(candidate);
  return shape !== undefined && shape === shapeOf(current);
}

/** All of a kubeconfig but its certificates and keys; undefined for what is none. */
function shapeOf(text: string): string | undefined {
  try {
    const withoutRenewed = (key: unknown, value: unknown) => (RENEWED.has(String(key)) ? '' : value);
    const document: unknown = parse(text, withoutRenewed, { logLevel: 'error', maxAliasCount: 0 });
    return typeof document === 'object' && document !== null ? canonicalJson(document) : undefined;
  } catch {
    return undefined;
  }
}
