import type { ModalView } from '@slack/types';
import { localDay } from '../../routing/availability.ts';
import { INPUTS, VIEWS } from '../action-ids.ts';
import { input } from '../blocks/input.ts';
import { context, mrkdwn, option, plain, section } from '../blocks/kit.ts';
import type { RuleAdmin } from '../ports.ts';
import { fitLine } from '../text/escape.ts';
import { SLACK_LIMITS } from '../text/limits.ts';
import { whoseClock } from '../text/time.ts';
import { LABELS, OVERRIDE, RULES } from '../text/words.ts';
import type { RulePreview } from '../views.ts';
import { noteInput } from './change-rule.ts';
import { modal } from './modal.ts';
import { previewBlocks } from './preview-rule.ts';

export type RulesetVersions = Awaited<ReturnType<RuleAdmin['versions']>>;

export interface RollbackMetadata {
  baseVersion: number;
}

/** Earlier rulesets, newest first, the one before the live one picked already: at 2 AM only the reason is to be typed. */
export function buildRollback(
  versions: RulesetVersions,
  live: number,
  timeZone: string | null,
): ModalView {
  const earlier = versions
    .filter(({ version, status }) => version < live && status !== 'draft')
    .toSorted((a, b) => b.version - a.version)
    .slice(0, SLACK_LIMITS.selectOptions)
    .map(({ version, note, createdAt }) =>
      option(
        `${RULES.version(version)}, ${clockText(createdAt, timeZone)}`,
        String(version),
        fitLine(note, SLACK_LIMITS.optionDescription) || RULES.version(version),
      ),
    );
  const [previous] = earlier;
  if (previous === undefined) {
    return modal({ title: RULES.rollbackTitle, blocks: [section(RULES.noEarlier)] });
  }
  return modal({
    title: RULES.rollbackTitle,
    callbackId: VIEWS.rulesRollback,
    submit: LABELS.preview,
    close: LABELS.cancel,
    metadata: { baseVersion: live } satisfies RollbackMetadata,
    blocks: [
      section(RULES.rollbackText(live)),
      context(mrkdwn(whoseClock(timeZone))),
      input(INPUTS.version, RULES.rollbackPick, {
        type: 'static_select',
        action_id: INPUTS.version,
        placeholder: plain(OVERRIDE.reasonPlaceholder, SLACK_LIMITS.placeholder),
        options: earlier,
        initial_option: previous,
      }),
      noteInput(RULES.rollbackNote),
    ],
  });
}

/** "2026-11-21 16:38": an option is plain text, in which Slack shows no reader's own time. */
function clockText(at: Date, timeZone: string | null): string {
  const { date, clock } = localDay(at, timeZone);
  return `${date} ${clock}`;
}

export interface RollbackPublishMetadata extends RollbackMetadata {
  toVersion: number;
  note: string;
}

/** What going back would do to the open leads; nothing is changed before Roll back. */
export function buildPreviewRollback(
  publish: RollbackPublishMetadata,
  preview: RulePreview,
): ModalView {
  const { toVersion, baseVersion, note } = publish;
  return modal({
    title: RULES.rollbackPreviewTitle,
    callbackId: VIEWS.rollbackPublish,
    submit: LABELS.rollback,
    close: LABELS.cancel,
    metadata: publish,
    blocks: previewBlocks(preview, RULES.rollbackTo(toVersion, baseVersion), note),
  });
}
