import type { Incomplete, Rule } from '../../documents/rule.ts';
import type { ReleaseList } from '../release.types.ts';

/** What a rule is asked about: the list with defaults. */
export type AskedList = Incomplete<ReleaseList>;

export type ReleaseRule = Rule<AskedList>;
