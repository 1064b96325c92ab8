import type { Problem } from '../documents/problem.ts';
import { askRules, type Judged, type Rule } from '../documents/rule.ts';
import { fillConfiguration } from './effective-configuration.ts';
import type { Asked } from './rules/asked.ts';
import { networkRules } from './rules/networks.ts';
import { settingRules } from './rules/settings.ts';

const rules: readonly Rule<Asked>[] = [...networkRules, ...settingRules];

/** Third pass: do the values go together? */
export function checkRules(judged: Judged): Problem[] {
  return askRules(rules, (given) => ({ configuration: fillConfiguration(given), given }) as Asked, judged);
}
