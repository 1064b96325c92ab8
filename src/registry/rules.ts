/** A registry host as image references spell it: lower-case DNS name or IPv4 address, with a port where it is not the default. */
const HOST = /^(?=.{1,253}(?::|$))[a-z0-9]+(?:-+[a-z0-9]+)*(?:\.[a-z0-9]+(?:-+[a-z0-9]+)*)*(?::[0-9]{1,5})?$/;

/** Repository names and tags of the OCI distribution specification 1.1. */
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*$/;
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Type and subtype of RFC 6838, section 4.2, without parameters. */
const MEDIA_TYPE = /^[a-zA-Z0-9][a-zA-Z0-9!#$&^_.+-]{0,126}\/[a-zA-Z0-9][a-zA-Z0-9!#$&^_.+-]{0,126}$/;

/** What clients and registries commonly allow for host, slash and name together. */
export const LONGEST_REPOSITORY = 255;

/** containerd refuses larger manifests (`MaxManifestSize` of its resolver), so carrying one would be of no use. */
export const LARGEST_MANIFEST = 4 * 1048 * 1048;

export const isHost = matcher(HOST);
export const isRepositoryName = matcher(REPOSITORY);
export const isTag = matcher(TAG);
export const isDigest = matcher(DIGEST);
export const isMediaType = matcher(MEDIA_TYPE);

/** A string of unknown origin, shown so that it can neither fill the screen nor be taken for something else. */
export function shown(value: unknown): string {
  const text = textOf(value);
  return text.length <= 100 ? text : `${text.slice(0, 97)}…`;
}

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch (error) {
    // JSON is read to any depth, and written only as deep as the stack is.
    if (error instanceof RangeError) return 'data that is nested too deep';
    throw error;
  }
}

function matcher(pattern: RegExp): (value: unknown) => value is string {
  return (value): value is string => typeof value === 'string' && pattern.test(value);
}
