import type { StepHandler } from '../step-handler.ts';
import { copyOf } from './note-replaced.ts';

/** A copy that is gone holds nothing up: nobody can bring it back, and the rest has to be undone all the same. */
export const restoreFiles: StepHandler<'restore-files'> = async ({ files }, { host, report }) => {
  let changed = false;
  for (const { path, ...protection } of files) {
    const content = await host.files.read(copyOf(path));
    if (content === undefined) {
      report.warning(`whether ${path} is as it was before cannot be told: the copy ${copyOf(path)} is gone`);
      continue;
    }
    const found = await host.files.look(path);
    const isAsBefore =
      found?.type === 'file' &&
      (['mode', 'uid', 'gid'] as const).every((each) => found[each] === protection[each]) &&
      (await host.files.read(path)) === content;
    if (isAsBefore) continue;
    await host.files.writeAtomic([{ path, content, ...protection }]);
    changed = true;
  }
  return { changed };
};
