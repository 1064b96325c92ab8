import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RegistryTemplates } from '../../../src/registry/nginx-configuration.ts';
import type { Template } from '../../../src/templates/fill.ts';

const FOLDER = join(import.meta.dirname, '../../../templates/nginx');

/** The templates as the product has them. */
export async function registryTemplates(): Promise<RegistryTemplates> {
  const [nginx, tables, locations] = await Promise.all(['nginx', 'tables', 'locations'].map(template));
  if (!nginx || !tables || !locations) throw new Error('a template is missing');
  return { nginx, tables, locations };
}

async function template(name: string): Promise<Template> {
  const path = `templates/nginx/${name}.conf`;
  return { name: path, text: await readFile(join(FOLDER, `${name}.conf`), 'utf8') };
}
