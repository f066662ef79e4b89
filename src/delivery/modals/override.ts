import type { InputBlock, KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import { type ShownScore, WORKED } from '../../decisions/ledger.ts';
import { type Reason, TIERS, type Tier } from '../../scoring/assessment.ts';
import { INPUTS, VIEWS } from '../action-ids.ts';
import { input } from '../blocks/input.ts';
import { context, mrkdwn, option, plain, richText, span } from '../blocks/kit.ts';
import { isAnothers, nameOf } from '../cards/lead-words.ts';
import type { DecisionCodes } from '../decision-codes.ts';
import { DISQUALIFY } from '../text/decision-words.ts';
import { SLACK_LIMITS } from '../text/limits.ts';
import { signed } from '../text/numbers.ts';
import { LABELS, LEAD, OVERRIDE, WORKED_LABELS } from '../text/words.ts';
import type { LeadRow, WhyView } from '../views.ts';
import type { LeadFormMetadata } from './lead-form.ts';
import { modal } from './modal.ts';
import { describe } from './why-lines.ts';

/** Value of the target that takes a lead off the board. */
export const OUT = 'out';
/** Boxes fit ten to a block; three blocks hold more rules than fire on a real lead. */
const BOX_BLOCKS = 3;

/** What the modal must know when it comes back. */
export interface OverrideMetadata extends LeadFormMetadata {
  /** The tier on show when it was opened. */
  tier: Tier;
  /** The score and the override on show when it was opened. */
  shown: ShownScore;
  /** It was opened to take the lead off the board: another tier is not asked for. */
  out: boolean;
}

/**
 * Three taps: what it should be, why, save. No answer is suggested, since people tend to take the one that they
 * are offered.
 */
export function buildOverride(
  view: WhyView,
  codes: DecisionCodes,
  { out = false, viewer, ...metadata }: LeadFormMetadata & { out?: boolean; viewer?: string },
): ModalView {
  const { lead, assessment } = view;
  const facts = [OVERRIDE.lead(lead.effectiveTier, assessment.points)];
  if (lead.effectiveTier !== lead.tier) facts.push(LEAD.rulesSay(lead.tier));
  if (out) facts.push(DISQUALIFY.leaves);
  return modal({
    title: out ? DISQUALIFY.title : OVERRIDE.title,
    callbackId: VIEWS.override,
    submit: out ? LABELS.disqualify : LABELS.save,
    close: LABELS.cancel,
    metadata: {
      ...metadata,
      out,
      tier: lead.effectiveTier,
      shown: {
        ...{ rulesetVersion: assessment.rulesetVersion, scoredAt: assessment.scoredAt },
        overrideId: view.overrideId,
      },
    } satisfies OverrideMetadata,
    blocks: [
      richText(span(nameOf(lead), 'bold')),
      context(mrkdwn(facts.join('  ·  '))),
      ...(out ? [] : [target(lead, viewer)]),
      reason({
        override: out ? [] : codes.override,
        disqualify: isAnothers(lead, viewer) ? [] : codes.disqualify,
      }),
      ...wrongLines(assessment.reasons),
      worked(),
      note(),
    ],
  });
}

/** What takes the lead from somebody else is not offered: an opinion on its tier is. */
function target(lead: LeadRow, viewer: string | undefined): InputBlock {
  const choices: PlainTextOption[] = TIERS.filter((tier) => tier !== lead.effectiveTier).map(
    (tier) => option(OVERRIDE.tier(tier), tier),
  );
  if (!isAnothers(lead, viewer)) choices.push(option(OVERRIDE.out, OUT));
  return input(INPUTS.target, OVERRIDE.target, {
    type: 'radio_buttons',
    action_id: INPUTS.target,
    options: choices,
  });
}

function reason(codes: DecisionCodes): InputBlock {
  const group = (label: string, list: DecisionCodes['override']) => ({
    label: plain(label, SLACK_LIMITS.optionText),
    options: list
      .slice(0, SLACK_LIMITS.selectOptions)
      .map(({ code, label: text }) => option(text, code)),
  });
  return input(INPUTS.reason, OVERRIDE.reason, {
    type: 'static_select',
    action_id: INPUTS.reason,
    placeholder: plain(OVERRIDE.reasonPlaceholder, SLACK_LIMITS.placeholder),
    option_groups: [
      group(OVERRIDE.reasonsForTier, codes.override.map(prefixed('tier'))),
      group(OVERRIDE.reasonsForOut, codes.disqualify.map(prefixed(OUT))),
    ].filter(({ options }) => options.length > 0),
  });
}

/** The group travels with the code, so that a submit can be checked while the database is away. */
function prefixed(kind: 'tier' | 'out') {
  return ({ code, label }: { code: string; label: string }) => ({ code: `${kind}:${code}`, label });
}

function wrongLines(reasons: readonly Reason[]): KnownBlock[] {
  const seen = new Set<string>();
  const lines = reasons
    .filter(({ kind, ruleId }) => {
      const asked =
        (kind === 'rule' || kind === 'tier') && ruleId.length <= SLACK_LIMITS.optionValue;
      if (!asked || seen.has(ruleId)) return false;
      seen.add(ruleId);
      return true;
    })
    .toSorted((a, b) => Math.abs(b.points) - Math.abs(a.points))
    .map((line) => option(`${signed(line.points)} ${describe(line)}`, line.ruleId));
  const size = SLACK_LIMITS.checkboxOptions;
  return Array.from({ length: Math.min(BOX_BLOCKS, Math.ceil(lines.length / size)) }, (_, part) => {
    const id = part === 0 ? INPUTS.wrongLines : `${INPUTS.wrongLines}_${part + 1}`;
    const label = part === 0 ? OVERRIDE.wrongLines : OVERRIDE.moreWrongLines;
    const options = lines.slice(part * size, (part + 1) * size);
    const boxes = { type: 'checkboxes', action_id: id, options } as const;
    const hint = plain(OVERRIDE.wrongLinesHint, SLACK_LIMITS.inputLabel);
    return { ...input(id, label, boxes, true), ...(part === 0 ? { hint } : {}) };
  });
}

function worked(): InputBlock {
  const options = WORKED.map((value) => option(WORKED_LABELS[value], value));
  return input(INPUTS.worked, OVERRIDE.worked, {
    type: 'radio_buttons',
    action_id: INPUTS.worked,
    options,
    ...(options[0] === undefined ? {} : { initial_option: options[0] }),
  });
}

function note(): InputBlock {
  const element = {
    type: 'plain_text_input',
    action_id: INPUTS.note,
    multiline: true,
    max_length: 1_000,
  } as const;
  const hint = plain(OVERRIDE.noteHint, SLACK_LIMITS.inputLabel);
  return { ...input(INPUTS.note, OVERRIDE.note, element, true), hint };
}
