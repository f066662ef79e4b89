import { contrastAssessments } from '../../scoring/contrast-assessments.ts';
import { verdictText } from '../../scoring/reason-lines.ts';
import { ACTIONS } from '../action-ids.ts';
import { actions, button, richText, span } from '../blocks/kit.ts';
import type { Message } from '../blocks/message.ts';
import { encodeLeadBlock, encodeLeadRef } from '../lead-ref.ts';
import { escapeMrkdwn, fitLine } from '../text/escape.ts';
import { signed } from '../text/numbers.ts';
import { LABELS, OVERRIDE_NEWS } from '../text/words.ts';
import type { OverrideNewsView } from '../views.ts';

const CAUSES_MAX = 2;
const CAUSE_MAX = 120;
const TEXT_MAX = 600;

/** "You overrode L-4F7K to A. The rules now say A too: Asked for a demo (+25)." Names no person. */
export function buildOverrideNews(view: OverrideNewsView): Message {
  const { leadId, shortId } = view;
  const why = causes(view).join('; ');
  const ref = { leadId, revision: 0 };
  const open = button({
    label: LABELS.why,
    actionId: ACTIONS.leadWhy,
    value: encodeLeadRef(ref),
    spoken: `${LABELS.why} ${shortId}`,
  });
  return {
    text: sentence(view, escapeMrkdwn(why, TEXT_MAX)),
    blocks: [richText(span(sentence(view, why))), actions(encodeLeadBlock('why', ref), [open])],
  };
}

function sentence({ shortId, toTier, before, after }: OverrideNewsView, why: string): string {
  const said =
    after.tier === toTier
      ? OVERRIDE_NEWS.agrees(after.tier)
      : OVERRIDE_NEWS.differs(after.tier, before.tier);
  return `${OVERRIDE_NEWS.you(shortId, toTier)} ${said}${why === '' ? '' : `: ${why}`}.`;
}

/** What moved the tier: the strongest changes in its direction, else that the rules are others. */
function causes({ before, after }: OverrideNewsView): string[] {
  const verdict = verdictText(after);
  if (verdict !== null) return [fitLine(verdict, CAUSE_MAX)];
  const changes = contrastAssessments(before, after)?.changes ?? [];
  const direction = Math.sign(after.points - before.points);
  const driving = changes.filter(({ points }) => Math.sign(points) === direction);
  if (after.rulesetVersion !== before.rulesetVersion && driving.length === 0) {
    return [OVERRIDE_NEWS.ruleset(after.rulesetVersion)];
  }
  return driving.slice(0, CAUSES_MAX).map(({ points, text }) => {
    const cause = fitLine(text, CAUSE_MAX);
    return points === 0 ? cause : `${cause} (${signed(points)})`;
  });
}
