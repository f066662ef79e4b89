import type { KnownBlock, ModalView } from '@slack/types';
import { VIEWS } from '../action-ids.ts';
import { context, mrkdwn, richLists, richText, span } from '../blocks/kit.ts';
import type { RuleChange } from '../ports.ts';
import { fitLine } from '../text/escape.ts';
import { SLACK_LIMITS } from '../text/limits.ts';
import { signed } from '../text/numbers.ts';
import { truncate } from '../text/truncate.ts';
import { LABELS, RULES, WHY } from '../text/words.ts';
import type { RulePreview } from '../views.ts';
import type { ChangeRuleMetadata } from './change-rule.ts';
import { modal } from './modal.ts';

const MOVED_SHOWN = 40;

export interface PublishMetadata {
  change: RuleChange;
  note: string;
  baseVersion: number;
}

/** What publishing would do to the open leads; nothing is changed before Publish. */
export function buildPreviewRule(
  before: ChangeRuleMetadata,
  publish: PublishMetadata,
  preview: RulePreview,
): ModalView {
  const { change, note } = publish;
  return modal({
    title: RULES.previewTitle,
    callbackId: VIEWS.rulePublish,
    submit: LABELS.publish,
    close: LABELS.cancel,
    metadata: publish,
    blocks: previewBlocks(
      preview,
      RULES.change(fitLine(change.ruleId, 120), describeChange(before, change)),
      note,
    ),
  });
}

/** How many open leads would change tier and which, what is changed, and why. */
export function previewBlocks(preview: RulePreview, what: string, note: string): KnownBlock[] {
  const moved = preview.moved.slice(0, MOVED_SHOWN);
  const lines = moved.map((lead) => [
    span(`${lead.fromTier} ${lead.fromPoints} to ${lead.toTier} ${lead.toPoints}`, 'bold'),
    span(`  ${fitLine(lead.name, 80)}, ${fitLine(lead.shortId, 20)}`),
  ]);
  const more = preview.moved.length - moved.length;
  if (more > 0) lines.push([span(WHY.more(more))]);
  const nothing =
    preview.moved.length === 0 && preview.repointed === 0 && preview.rerouted.length === 0;
  const headline = nothing
    ? RULES.previewNothing(preview.openCount)
    : RULES.previewMoved(preview.moved.length, preview.openCount);
  return [
    richText(span(headline, 'bold')),
    ...(preview.repointed > 0 ? [context(mrkdwn(RULES.previewRepointed(preview.repointed)))] : []),
    richText(span(truncate(what, SLACK_LIMITS.richText))),
    ...(note === '' ? [] : [richText(span(`“${fitLine(note, 300)}”`, 'italic'))]),
    ...richLists(lines),
    ...reroutedBlocks(preview),
  ];
}

/** Which open leads would go to another team or rep; none when none would. */
export function reroutedBlocks({ rerouted, openCount }: RulePreview): KnownBlock[] {
  if (rerouted.length === 0) return [];
  const lines = rerouted.slice(0, MOVED_SHOWN).map(({ shortId, fromTeam, toTeam }) => {
    const [from, to] = [fitLine(fromTeam, 80), fitLine(toTeam, 80)];
    const change = from === to ? RULES.reroutedRep(to) : RULES.reroutedTeam(from, to);
    return [span(`${fitLine(shortId, 20)}  `, 'bold'), span(change)];
  });
  const more = rerouted.length - lines.length;
  if (more > 0) lines.push([span(WHY.more(more))]);
  return [
    richText(span(RULES.previewRerouted(rerouted.length, openCount), 'bold')),
    ...richLists(lines),
  ];
}

export function describeChange(before: ChangeRuleMetadata, change: RuleChange): string {
  const parts: string[] = [];
  if (change.points !== undefined) {
    const from = before.points === null ? RULES.noPoints : signed(before.points);
    parts.push(RULES.pointsChange(from, signed(change.points)));
  }
  if (change.enabled !== undefined) parts.push(RULES.enabledChange(change.enabled));
  return parts.join(', ');
}
