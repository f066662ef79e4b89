import { RULES_PER_PAGE } from '../modals/rules.ts';
import type { Member } from '../ports.ts';
import type { SlackDeps } from './deps.ts';
import { readRules } from './read-rules.ts';
import { type Below, refreshBelow } from './refresh-below.ts';

export interface RulesBelow extends Below {
  member: Member;
  /** Its page is shown; without it the first one. */
  ruleId?: string;
}

/** Draws the list of rules anew below a modal. False: there is a list, and it could not be drawn. */
export function refreshRulesBelow(deps: SlackDeps, below: RulesBelow): Promise<boolean> {
  return refreshBelow(deps, below, async () => {
    const { rules } = await deps.ruleAdmin.live();
    const index = rules.findIndex((rule) => rule.ruleId === below.ruleId);
    const page = Math.floor(Math.max(0, index) / RULES_PER_PAGE);
    return readRules(deps, below.member, page);
  });
}
