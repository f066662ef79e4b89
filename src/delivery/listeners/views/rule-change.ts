import type { App, ViewOutput, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { INPUTS, VIEWS } from '../../action-ids.ts';
import { type ChangeRuleMetadata, NOTE_MIN, ON, POINTS_LIMIT } from '../../modals/change-rule.ts';
import { keepInput } from '../../modals/keep-input.ts';
import { buildComputing } from '../../modals/loading.ts';
import { buildPreviewRule } from '../../modals/preview-rule.ts';
import type { RuleChange } from '../../ports.ts';
import { escapeMrkdwn } from '../../text/escape.ts';
import { RULES } from '../../text/words.ts';
import type { SlackDeps } from '../deps.ts';
import { refreshRulesBelow } from '../refresh-rules-below.ts';
import { refuseUnknown } from '../refuse-unknown.ts';
import { reopenChange } from '../reopen-rule-form.ts';
import { submitModal } from '../submit-modal.ts';
import { enteredText, pickedOption, readMetadata } from './read-input.ts';

const Metadata = z.object({
  ruleId: z.string(),
  baseVersion: z.int(),
  points: z.int().nullable(),
  enabled: z.boolean(),
});

/** A rule change submitted: nothing is changed yet, the preview says what would be. */
export function register(app: App, deps: SlackDeps): void {
  app.view<ViewSubmitAction>(VIEWS.ruleChange, async (args) => {
    const { ack, body, view, client } = args;
    const before = readMetadata(view, Metadata);
    if (before === null) return refuseUnknown(deps, args);
    const read = readChange(view, before);
    if (!read.ok) return ack({ response_action: 'errors', errors: read.errors });
    const { change, note } = read;
    await submitModal(deps, {
      ...{ client, ack, view, userId: body.user.id, traceId: deps.ids(), channel: null },
      act: 'changeRule',
      waiting: buildComputing(),
      async work(member) {
        const { version } = await deps.ruleAdmin.live();
        if (version !== before.baseVersion) {
          await refreshRulesBelow(deps, { client, view, member, ruleId: before.ruleId });
          return { view: await reopenChange(deps.ruleAdmin, change, note), message: null };
        }
        const result = await deps.ruleAdmin.preview(change);
        if (!result.ok) {
          return { view: keepInput(view, escapeMrkdwn(result.message, 600)), message: null };
        }
        const publish = { change, note, baseVersion: before.baseVersion };
        return { view: buildPreviewRule(before, publish, result.preview), message: null };
      },
    });
  });
}

type ReadChange =
  | { ok: true; change: RuleChange; note: string }
  | { ok: false; errors: Record<string, string> };

export function readChange(view: ViewOutput, before: ChangeRuleMetadata): ReadChange {
  const { values } = view.state;
  const text = enteredText(values, INPUTS.points)?.replace('\u2212', '-');
  const points = before.points === null || text === undefined ? before.points : Number(text);
  if (points !== null && !(Number.isInteger(points) && Math.abs(points) <= POINTS_LIMIT)) {
    return { ok: false, errors: { [INPUTS.points]: RULES.notWhole } };
  }
  const enabled = (pickedOption(values, INPUTS.enabled) ?? ON) === ON;
  const change: RuleChange = {
    ruleId: before.ruleId,
    ...(points === null || points === before.points ? {} : { points }),
    ...(enabled === before.enabled ? {} : { enabled }),
  };
  if (change.points === undefined && change.enabled === undefined) {
    return { ok: false, errors: { [INPUTS.enabled]: RULES.nothingChanged } };
  }
  const note = enteredText(values, INPUTS.note) ?? '';
  if (note.length < NOTE_MIN) return { ok: false, errors: { [INPUTS.note]: RULES.noteMissing } };
  return { ok: true, change, note };
}
