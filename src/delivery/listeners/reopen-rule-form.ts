import type { ModalView } from '@slack/types';
import { INPUTS } from '../action-ids.ts';
import { buildChangeRule, OFF, ON } from '../modals/change-rule.ts';
import { type Entered, refill } from '../modals/keep-input.ts';
import { buildMessageModal } from '../modals/message.ts';
import { buildRollback } from '../modals/rollback.ts';
import type { RuleAdmin, RuleChange } from '../ports.ts';
import { sentence } from '../replies/sentence.ts';
import { escapeMrkdwn } from '../text/escape.ts';
import { SLACK_LIMITS } from '../text/limits.ts';
import { MODAL, RULES } from '../text/words.ts';

/** The form to change a rule as it would open on the rules that are live now, with what was entered. */
export async function reopenChange(
  rules: RuleAdmin,
  { ruleId, points, enabled }: RuleChange,
  note: string,
): Promise<ModalView> {
  const live = await rules.live();
  const rule = live.rules.find((each) => each.ruleId === ruleId);
  if (rule === undefined) {
    const unknown = sentence(RULES.unknownRule(escapeMrkdwn(ruleId, 120)));
    return buildMessageModal(MODAL.notDone, unknown);
  }
  const entered: Entered = {
    ...(points === undefined ? {} : typed(INPUTS.points, String(points))),
    ...(enabled === undefined ? {} : picked(INPUTS.enabled, enabled ? ON : OFF)),
    ...typed(INPUTS.note, note),
  };
  return refill(buildChangeRule(rule, live.version), entered, RULES.conflict(live.version));
}

/** The same for a rollback. */
export async function reopenRollback(
  rules: RuleAdmin,
  toVersion: number,
  note: string,
  timeZone: string | null,
): Promise<ModalView> {
  const [live, versions] = await Promise.all([
    rules.live(),
    rules.versions(SLACK_LIMITS.selectOptions),
  ]);
  const entered: Entered = {
    ...picked(INPUTS.version, String(toVersion)),
    ...typed(INPUTS.note, note),
  };
  const fresh = buildRollback(versions, live.version, timeZone);
  return refill(fresh, entered, RULES.conflict(live.version));
}

function typed(id: string, value: string): Entered {
  return { [id]: { [id]: { type: 'plain_text_input', value } } };
}

function picked(id: string, value: string): Entered {
  const option = { text: { type: 'plain_text' as const, text: value }, value };
  return { [id]: { [id]: { type: 'static_select', selected_option: option } } };
}
