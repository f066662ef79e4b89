import type { ViewOutput } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { RULES_PER_PAGE } from '../modals/rules.ts';
import type { Member } from '../ports.ts';
import type { SlackDeps } from './deps.ts';
import { describeError } from './describe-error.ts';
import { readRules } from './read-rules.ts';
import { updateView } from './update-view.ts';

export interface RulesBelow {
  client: WebClient;
  /** The modal on top of the list. */
  view: ViewOutput;
  member: Member;
  /** Its page is shown; without it the first one. */
  ruleId?: string;
}

/**
 * Draws the list of rules anew on which a modal stands, so that closing it never shows rules that are no longer
 * live. False: there is a list, and it could not be drawn.
 */
export async function refreshRulesBelow(deps: SlackDeps, below: RulesBelow): Promise<boolean> {
  const { client, view, member, ruleId } = below;
  const viewId = view.previous_view_id;
  if (viewId === null || viewId === undefined) return true;
  try {
    const { rules } = await deps.ruleAdmin.live();
    const index = rules.findIndex((rule) => rule.ruleId === ruleId);
    const page = Math.floor(Math.max(0, index) / RULES_PER_PAGE);
    await updateView(client, { viewId }, await readRules(deps, member, page));
    return true;
  } catch (error) {
    deps.log.info({ err: describeError(error) }, 'list of rules is not drawn anew');
    return false;
  }
}
