import type { HostState } from './host-state.ts';

/** The same state. Throws when nothing was seen of a part of it: two such states would be equal there, whatever the hosts are. */
export function wholeState(state: HostState): HostState {
  const { files, pki, lists, objects } = state;
  const parts = { files, certificates: pki.certificates, keys: pki.keys, ...lists, objects };
  const unseen = Object.entries(parts).flatMap(([part, found]) => (Object.keys(found).length === 0 ? [part] : []));
  if (unseen.length > 0) throw new Error(`nothing was seen of: ${unseen.join(', ')}`);
  return state;
}
