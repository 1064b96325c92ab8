import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Template } from '../templates/fill.ts';
import { productRoot } from './product-root.ts';

/** A text of the program's own `templates/`, by its path from the program's root. */
export async function readTemplate(name: string): Promise<Template> {
  return { name, text: await readFile(join(productRoot(), name), 'utf8') };
}
