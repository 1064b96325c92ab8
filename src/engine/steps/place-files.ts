import type { StepHandler } from '../step-handler.ts';
import { notePaths } from './note-paths.ts';
import { placeFilesThatDiffer, protectionOf } from './place.ts';

/** Folders first, in the order of the plan, then files. */
export const placeFiles: StepHandler<'place-files'> = async ({ directories, files }, context) => {
  const { host, contents } = context;
  await notePaths(
    directories.map(({ path }) => path),
    context,
  );
  let changed = false;
  for (const directory of directories) {
    const protection = await protectionOf(directory, host);
    if (await host.files.ensureDirectory({ path: directory.path, ...protection })) changed = true;
  }
  const contentOf = async ({ path, sha256 }: { readonly path: string; readonly sha256: string }) => {
    const content = contents[sha256];
    if (content === undefined) throw new RangeError(`the plan has no content ${sha256} for ${path}`);
    return content;
  };
  if (await placeFilesThatDiffer(files, contentOf, context)) changed = true;
  return { changed };
};
