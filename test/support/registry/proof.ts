import { join } from 'node:path';
import type { RegistryProof } from '../../../src/build/proofs/prove-registry.ts';
import { discPaths } from '../../../src/disc/paths.ts';
import { registryTemplates } from '../../../src/product/registry-templates.ts';
import { readImageLayout } from '../../../src/registry/read-image-layout.ts';
import type { LayoutMaker } from './image-layout.ts';

/** Writes the images below a cache, and says what is to be proven of a disc with them. */
export async function registryProof(maker: LayoutMaker, cache: string): Promise<RegistryProof> {
  const directory = join(cache, 'layout');
  await maker.write(directory);
  const layout = [...maker.blobs].map(([digest, { length }]) => {
    const sha256 = digest.slice('sha256:'.length);
    const file = join(directory, 'blobs/sha256', sha256);
    return { path: `${discPaths.blobs}/${sha256}`, source: { file, sha256, size: length } };
  });
  return {
    version: '136.0.0',
    catalogue: readImageLayout(maker.layout()),
    layout: [...layout, { path: `${discPaths.images}/oci-layout`, source: { content: Buffer.from('{}') } }],
    templates: await registryTemplates(),
  };
}
