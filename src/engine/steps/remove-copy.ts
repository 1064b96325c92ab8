import type { StepHandler } from '../step-handler.ts';
import { isFormerCopy } from './is-former-copy.ts';

/** Certificates may have been renewed since. */
export const removeCopy: StepHandler<'remove-copy'> = async ({ path, source }, { host, report }) => {
  const isFile = (await host.files.look(path))?.type === 'file';
  const copy = isFile ? await host.files.read(path) : undefined;
  if (copy === undefined) return { changed: false };
  const current = await host.files.read(source);
  if (current !== undefined && (copy === current || isFormerCopy(copy, current))) {
    return { changed: await host.files.remove(path) };
  }
  report.warning(`${path} is not as it was made, and stays: it may be for other clusters too`);
  return { changed: false };
};
