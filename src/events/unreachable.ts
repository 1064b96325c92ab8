/** Ends a `switch` over a closed union: the compiler refuses it while a member has no case. */
export function unreachable(member: never): never {
  throw new Error(`no case for ${JSON.stringify(member)}`);
}
