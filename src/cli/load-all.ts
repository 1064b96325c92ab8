import type { CommandDefinition, CommandTable } from './command.ts';

/** Imports every command: only for what tells about all of them. */
export async function loadAll(table: CommandTable): Promise<Record<string, CommandDefinition>> {
  const entries = Object.entries(table).map(async ([name, { load }]) => [name, await load()] as const);
  return Object.fromEntries(await Promise.all(entries));
}
