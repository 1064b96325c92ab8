/** Whether an image of a platform is one of those that a release wants by `os/architecture` or `os/architecture/variant`. */
export function isFor(wanted: string, platform: string): boolean {
  const [os, architecture, variant] = wanted.split('/');
  const [itsOs, itsArchitecture, itsVariant] = platform.split('/');
  if (os !== itsOs || architecture !== itsArchitecture) return false;
  return variant === undefined || normal(architecture, variant) === normal(architecture, itsVariant);
}

/** The platform that an entry of an index states; undefined where it states none. */
export function platformStated(entry: unknown): string | undefined {
  const { platform } = objectOf(entry);
  return platform === undefined || platform === null ? undefined : (platformOf(platform) ?? NO_PLATFORM);
}

/** What a platform object or the configuration of an image says; undefined where it names none in the words that there are for it. */
export function platformOf(value: unknown): string | undefined {
  const { os, architecture, variant } = objectOf(value);
  const words = [os, architecture, ...(variant === undefined || variant === '' ? [] : [variant])];
  return words.every(isWord) ? words.join('/') : undefined;
}

/** BuildKit's word for attestations, here also for platforms that are none. */
const NO_PLATFORM = 'unknown/unknown';

function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(value);
}

/** The variants that say nothing: 64-bit ARM has no other than v8, and is mostly written without. */
function normal(architecture: string | undefined, variant: string | undefined): string {
  return variant === undefined || (architecture === 'arm64' && variant === 'v8') ? '' : variant;
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
