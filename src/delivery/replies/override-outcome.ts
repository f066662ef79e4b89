import { ACTIONS } from '../action-ids.ts';
import { actions, button, richText, span } from '../blocks/kit.ts';
import type { Message } from '../blocks/message.ts';
import { encodeLeadBlock, encodeLeadRef } from '../lead-ref.ts';
import type { OverrideOutcomeView } from '../queries/override-outcome-query.ts';
import { CAME_OF_IT } from '../text/decision-words.ts';
import { LABELS } from '../text/words.ts';

/** "You overrode L-4F7K to A; it converted. The rules said C." States what is; judges nobody. */
export function buildOverrideOutcome(view: OverrideOutcomeView): Message {
  const { leadId, shortId, toTier, ruleTier, outcome } = view;
  const did = toTier === null ? CAME_OF_IT.tookOff(shortId) : CAME_OF_IT.overrode(shortId, toTier);
  const rules =
    ruleTier === null || ruleTier === toTier ? '' : ` ${CAME_OF_IT.rulesSaid(ruleTier)}`;
  const text = `${did}; ${CAME_OF_IT.outcome[outcome]}.${rules}`;
  const ref = { leadId, revision: 0 };
  const why = button({
    label: LABELS.why,
    actionId: ACTIONS.leadWhy,
    value: encodeLeadRef(ref),
    spoken: `${LABELS.why} ${shortId}`,
  });
  return { text, blocks: [richText(span(text)), actions(encodeLeadBlock('notice', ref), [why])] };
}
