import { shown } from '../registry/rules.ts';
import { ARCHIVE_API_VERSION, type ArchiveDescription } from '../release/archive-description.ts';
import { refuse } from './refuse.ts';

/** The part of `release.json` that says which release this is. */
export type ArchiveHead = Pick<ArchiveDescription, 'version' | 'kubernetes' | 'date' | 'signingKey'>;

const VERSION = /^(?:0|[1-9]\d{0,5})(?:\.(?:0|[1-9]\d{0,5})){2}$/;
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/;

/** Reads the head of `release.json`. Throws a `VERIFICATION_FAILED` that names the field which is not as it should be. */
export function parseArchiveHead(text: string, where: string): ArchiveHead {
  const document = parse(text, where);
  const field = (name: keyof ArchiveDescription) => (Object.hasOwn(document, name) ? document[name] : undefined);
  const wanted = (name: keyof ArchiveDescription, fits: (value: string) => boolean) => {
    const value = field(name);
    if (typeof value !== 'string' || !fits(value)) throw refuse(`${name} is ${shown(value)}, which cannot be`, where);
    return value;
  };
  wanted('apiVersion', (value) => value === ARCHIVE_API_VERSION);
  wanted('kind', (value) => value === 'Archive');
  return {
    version: wanted('version', isVersion),
    kubernetes: wanted('kubernetes', isVersion),
    date: wanted('date', (value) => DATE.test(value) && !Number.isNaN(Date.parse(value))),
    signingKey: field('signingKey') === null ? null : wanted('signingKey', (value) => /^[0-9A-F]{40}$/.test(value)),
  };
}

function parse(text: string, where: string): Partial<Record<keyof ArchiveDescription, unknown>> {
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document === 'object' && document !== null) return document;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw refuse('it is no JSON object', where);
}

/** Three numbers with dots between: `136.0.0`. */
export function isVersion(text: string): boolean {
  return VERSION.test(text) && !text.endsWith('\n');
}

/** Negative when the left version is older, positive when it is newer. */
export function compareVersions(left: string, right: string): number {
  const numbers = right.split('.').map(Number);
  const differences = left.split('.').map((part, index) => Number(part) - (numbers[index] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}
