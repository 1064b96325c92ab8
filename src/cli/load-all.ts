import { type CommandDefinition, type CommandTable, isGroup } from './command.ts';

/** Imports every command, by its full name (`config validate`): only for what tells about all of them. */
export async function loadAll(table: CommandTable): Promise<Record<string, CommandDefinition>> {
  const entries = Object.entries(table).map(async ([name, entry]) => {
    if (!isGroup(entry)) return [[name, await entry.load()]] as const;
    const members = Object.entries(await loadAll(entry.commands));
    return members.map(([member, definition]) => [`${name} ${member}`, definition] as const);
  });
  return Object.fromEntries((await Promise.all(entries)).flat());
}
