/** Writes the files that are made from src/config/schema; a test fails while they are not current. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { generatedFiles } from './schemas/generated-files.ts';

const root = dirname(import.meta.dirname);

for (const [path, render] of Object.entries(generatedFiles)) {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), render());
  process.stdout.write(`${path}\n`);
}
