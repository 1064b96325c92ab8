import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Catalogue, repositoryPath } from '../../../src/registry/catalogue.ts';

/** Writes the content of a catalogue as the `filesystem` storage of the distribution registry keeps it. */
export async function writeDistributionStorage(
  directory: string,
  { repositories }: Catalogue,
  blobs: ReadonlyMap<string, Buffer>,
): Promise<void> {
  const root = join(directory, 'docker/registry/v2');
  for (const [digest, bytes] of blobs) {
    const hex = digest.slice('sha256:'.length);
    await write(join(root, 'blobs/sha256', hex.slice(0, 2), hex, 'data'), bytes);
  }
  for (const repository of repositories) {
    const folder = join(root, 'repositories', repositoryPath(repository));
    const link = (path: string, digest: string) => write(join(folder, path, 'link'), digest);
    for (const blob of repository.blobs) await link(`_layers/${blob.replace(':', '/')}`, blob);
    for (const { digest } of repository.manifests)
      await link(`_manifests/revisions/${digest.replace(':', '/')}`, digest);
    for (const { tag, digest } of repository.tags) {
      await link(`_manifests/tags/${tag}/current`, digest);
      await link(`_manifests/tags/${tag}/index/${digest.replace(':', '/')}`, digest);
    }
  }
}

async function write(path: string, content: Buffer | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
