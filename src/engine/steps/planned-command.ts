import type { Command } from '../../hosts/host.ts';

/** A command of a plan, which names its program first. Throws a RangeError for one without a word. */
export function plannedCommand([program, ...words]: readonly string[]): Command {
  if (program === undefined) throw new RangeError('the plan has a command without a word');
  return [program, ...words];
}
