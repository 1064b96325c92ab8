import { checkMounted } from '../../archive/check-mounted.ts';
import { openArchive } from '../../archive/open-archive.ts';
import type { StepHandler } from '../step-handler.ts';

/** Of the host that we run on: an archive is never brought to another one unverified. */
export const checkArchive: StepHandler<'check-archive'> = async ({ path, sumsSha256 }, { report, stop }) => {
  const archive = await openArchive(path);
  try {
    await checkMounted(archive, sumsSha256, {
      stop,
      progress: (done, total) => report.progress(done, total, 'bytes'),
    });
  } finally {
    await archive.close();
  }
  return { changed: false };
};
