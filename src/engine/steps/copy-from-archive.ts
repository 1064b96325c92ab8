import { refuse } from '../../disc/refuse.ts';
import { sha256Of } from '../../disc/sha256-of.ts';
import type { StepHandler } from '../step-handler.ts';
import { placeFilesThatDiffer } from './place.ts';

/** Copies texts; each is compared with its signed sum after it was read, and before anything is written. */
export const copyFromArchive: StepHandler<'copy-from-archive'> = async ({ files }, context) => {
  const changed = await placeFilesThatDiffer(
    files,
    async ({ source, sha256 }) => {
      const content = await context.host.files.read(source);
      const again = 'Verify the archive, and copy it again from where it is intact.';
      if (content === undefined) throw refuse('a file of the archive is missing', source, again);
      const found = sha256Of(content);
      if (found === sha256) return content;
      throw refuse(`a file was changed: its SHA-256 is ${found}, and ${sha256} was signed`, source, again);
    },
    context,
  );
  return { changed };
};
