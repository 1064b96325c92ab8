import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TestHost } from '../hosts/host.ts';
import { inTemporaryDirectory } from '../temporary-directory.ts';

/** Puts many files on a host at once, as root's. Folders that are there stay as they are. */
export async function layFiles(
  host: TestHost,
  files: readonly { readonly path: string; readonly content: string; readonly mode: number }[],
): Promise<void> {
  await inTemporaryDirectory(async (directory) => {
    for (const { path, content, mode } of files) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), content, { mode });
    }
    const stage = '/root/stage';
    await host.upload(directory, stage);
    await host.run({
      script: `tar -C ${stage} -c . | tar -C / -x --no-overwrite-dir --same-permissions --no-same-owner; rm -r ${stage}`,
    });
  });
}
