import { jsonText } from './json-text.ts';

/** The error codes of the OCI distribution specification 1.1 that a registry without writing and without users can have. */
export type RegistryErrorCode =
  | 'BLOB_UNKNOWN'
  | 'DIGEST_INVALID'
  | 'MANIFEST_UNKNOWN'
  | 'NAME_INVALID'
  | 'NAME_UNKNOWN'
  | 'UNSUPPORTED';

/** The body of an answer that is an error, as the specification spells it. */
export function errorBody(code: RegistryErrorCode, message: string): string {
  return jsonText({ errors: [{ code, message }] });
}
