import { existingUsers, namesIn } from '../leftovers/users.ts';
import { runChecked } from '../run-checked.ts';
import type { StepHandler } from '../step-handler.ts';

/** A group of the same name goes with its user where nobody else is in it. */
export const removeUsers: StepHandler<'remove-users'> = async ({ users }, { host }) => {
  const found = await existingUsers(host, users);
  for (const name of found) {
    const failure = { message: `The user or group ${name} cannot be removed`, hint: `See who uses it: ps -u ${name}` };
    if ((await namesIn(host, 'passwd')).has(name)) await runChecked(host, ['userdel', '--', name], failure);
    // Its group may have gone with the user.
    if ((await namesIn(host, 'group')).has(name)) await runChecked(host, ['groupdel', '--', name], failure);
  }
  return { changed: found.length > 0 };
};
