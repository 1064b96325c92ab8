import { isNevra, type Nevra, nevraOf } from './nevra.ts';

/** What the header of an RPM file says of itself. */
export interface RpmHeader extends Nevra {
  readonly licence: string;
  /** File name of the source package. */
  readonly sourceRpm: string;
  readonly vendor: string;
  readonly url: string;
  /** Seconds since 1970. */
  readonly buildTime: number;
  /** True: there is a signature, be it good or bad. */
  readonly signed: boolean;
}

const TAGS = ['NAME', 'EPOCHNUM', 'VERSION', 'RELEASE', 'ARCH', 'LICENSE', 'SOURCERPM', 'VENDOR', 'URL', 'BUILDTIME'];

/** Of the header, or of header and payload together, by RSA or by another algorithm: rpm has a tag for each. */
const SIGNATURES = ['RSAHEADER', 'DSAHEADER', 'SIGPGP', 'SIGGPG'];

const ABSENT = '(none)';

/** For `rpm --query --package --queryformat`: a line for each file, its values parted by tabs. */
export const headerFormat = `${[...TAGS.map((tag) => `%{${tag}}`), ...SIGNATURES.map((tag) => `%{${tag}:pgpsig}`)].join('\\t')}\\n`;

/**
 * Reads what rpm printed by `headerFormat` for so many files, in their order. Undefined when any line is not as it has to be: a value with a tab
 * or a line break in it makes too many of them.
 */
export function readHeaders(text: string, files: number): RpmHeader[] | undefined {
  const headers = text.split('\n').slice(0, -1).map(readHeader);
  return headers.length === files && headers.every((header) => header !== undefined) ? headers : undefined;
}

function readHeader(line: string): RpmHeader | undefined {
  const values = line.split('\t');
  const [name, epoch, version, release, arch, licence, sourceRpm, vendor, url, buildTime, ...signatures] = values;
  const nevra = { name, epoch, version, release, arch };
  if (values.length !== TAGS.length + SIGNATURES.length || !isNevra(nevra)) return undefined;
  return {
    ...nevraOf(nevra),
    licence: given(licence),
    sourceRpm: given(sourceRpm),
    vendor: given(vendor),
    url: given(url),
    buildTime: Number(buildTime),
    signed: signatures.some((signature) => signature !== ABSENT),
  };
}

function given(value: string | undefined): string {
  return value === undefined || value === ABSENT ? '' : value;
}
