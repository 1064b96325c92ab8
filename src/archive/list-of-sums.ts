import { discPaths } from '../disc/paths.ts';
import { refuse } from '../disc/refuse.ts';
import { sha256Of } from '../disc/sha256-of.ts';
import { parseSums, type Sum } from '../disc/sums.ts';
import { type Archive, readFile } from './archive.ts';
import { limits } from './limits.ts';

/** The sums of an archive that was verified before, known by the SHA-256 of its list. Throws a `VERIFICATION_FAILED` for any other list. */
export async function listOfSums(archive: Archive, sumsSha256: string): Promise<readonly Sum[]> {
  const content = await readFile(archive, discPaths.sums, limits.sums);
  const found = sha256Of(content);
  const where = `${archive.path}: ${discPaths.sums}`;
  if (found === sumsSha256) return parseSums(content.toString('latin1'), where);
  throw refuse(
    `this is not the archive that was verified: the SHA-256 of its list is ${found}, not ${sumsSha256}`,
    where,
    'If another medium was put in, put back the one that was there, and run again.',
  );
}
