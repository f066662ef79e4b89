import type { KnownBlock, ModalView } from '@slack/types';
import { INPUTS, VIEWS } from '../action-ids.ts';
import { input } from '../blocks/input.ts';
import { option, plain } from '../blocks/kit.ts';
import { SLACK_LIMITS } from '../text/limits.ts';
import { LABELS, RULES } from '../text/words.ts';
import type { RuleRow } from '../views.ts';
import { modal } from './modal.ts';
import { ruleText } from './rules.ts';

export const POINTS_LIMIT = 100;
export const NOTE_MIN = 3;
export const ON = 'on';
export const OFF = 'off';

/** What the change is made to; `baseVersion` is the version that the admin looks at. */
export interface ChangeRuleMetadata {
  ruleId: string;
  baseVersion: number;
  points: number | null;
  enabled: boolean;
}

export function buildChangeRule(rule: RuleRow, baseVersion: number): ModalView {
  const { ruleId, points, enabled } = rule;
  return modal({
    title: RULES.changeTitle,
    callbackId: VIEWS.ruleChange,
    submit: LABELS.preview,
    close: LABELS.cancel,
    metadata: { ruleId, baseVersion, points, enabled } satisfies ChangeRuleMetadata,
    blocks: [
      { type: 'section', text: { type: 'plain_text', text: ruleText(rule), emoji: false } },
      ...(points === null ? [] : [pointsInput(points)]),
      enabledInput(enabled),
      noteInput(RULES.note),
    ],
  });
}

function pointsInput(points: number): KnownBlock {
  const hint = plain(RULES.pointsHint, SLACK_LIMITS.inputLabel);
  return {
    ...input(INPUTS.points, RULES.points, {
      type: 'number_input',
      action_id: INPUTS.points,
      is_decimal_allowed: false,
      min_value: String(-POINTS_LIMIT),
      max_value: String(POINTS_LIMIT),
      initial_value: String(points),
    }),
    hint,
  };
}

function enabledInput(enabled: boolean): KnownBlock {
  const on = option(RULES.on, ON);
  const off = option(RULES.offOption, OFF);
  return input(INPUTS.enabled, RULES.enabled, {
    type: 'radio_buttons',
    action_id: INPUTS.enabled,
    options: [on, off],
    initial_option: enabled ? on : off,
  });
}

/** Kept with the new version: nobody changes what is live without saying why. */
export function noteInput(label: string): KnownBlock {
  const hint = plain(RULES.noteHint, SLACK_LIMITS.inputLabel);
  return {
    ...input(INPUTS.note, label, {
      type: 'plain_text_input',
      action_id: INPUTS.note,
      multiline: false,
      min_length: NOTE_MIN,
      max_length: 300,
    }),
    hint,
  };
}
