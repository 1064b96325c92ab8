import type { RegistryTemplates } from '../registry/nginx-configuration.ts';
import { readTemplate } from './read-template.ts';

/** The texts that the configuration of the registry is made from. */
export async function registryTemplates(): Promise<RegistryTemplates> {
  const [nginx, tables, locations] = await Promise.all([
    readTemplate('templates/nginx/nginx.conf'),
    readTemplate('templates/nginx/tables.conf'),
    readTemplate('templates/nginx/locations.conf'),
  ]);
  return { nginx, tables, locations };
}
