import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RegistryTemplates } from '../registry/nginx-configuration.ts';
import type { Template } from '../templates/fill.ts';
import { productRoot } from './product-root.ts';

/** The texts that the configuration of the registry is made from. */
export async function registryTemplates(): Promise<RegistryTemplates> {
  const [nginx, tables, locations] = await Promise.all([
    template('templates/nginx/nginx.conf'),
    template('templates/nginx/tables.conf'),
    template('templates/nginx/locations.conf'),
  ]);
  return { nginx, tables, locations };
}

async function template(name: string): Promise<Template> {
  return { name, text: await readFile(join(productRoot(), name), 'utf8') };
}
