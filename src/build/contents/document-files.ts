import type { DiscFile } from '../../disc/disc-file.ts';
import { discPaths } from '../../disc/paths.ts';
import { productRoot } from '../../product/product-root.ts';
import { onDisc, type ProductFile, readTree } from './tree.ts';

/** What people at a site read: the user guide and references, the schemas that editors take, and examples. */
export async function documentFiles(root = productRoot()): Promise<readonly DiscFile[]> {
  const [documents, schemas, examples] = await Promise.all([
    userDocuments(root),
    readTree(root, 'schema'),
    readTree(root, EXAMPLES),
  ]);
  return [
    ...onDisc(discPaths.docs, documents, { strip: 'docs/' }),
    ...onDisc(discPaths.schema, schemas, { strip: 'schema/' }),
    ...onDisc(discPaths.examples, examples, { strip: `${EXAMPLES}/` }),
  ];
}

const EXAMPLES = 'iso/examples';

/** All documents but those for who works on metalk8s itself. */
export async function userDocuments(root: string): Promise<readonly ProductFile[]> {
  const documents = await readTree(root, 'docs');
  return documents.filter(({ path }) => !DEVELOPERS.some((each) => path.startsWith(each)));
}

const DEVELOPERS = ['docs/decisions/', 'docs/architecture.md', 'docs/reference-data.md'];
