import type { ModalView } from '@slack/types';
import type { TeamChange } from '../../scoring/change-team.ts';
import type { TeamSource } from '../../scoring/rule-files.ts';
import { VIEWS } from '../action-ids.ts';
import { richText, section, span } from '../blocks/kit.ts';
import type { ChannelStanding } from '../channel-checks.ts';
import { fitLine } from '../text/escape.ts';
import { daysText, SETUP } from '../text/setup-words.ts';
import { LABELS, RULES } from '../text/words.ts';
import type { RulePreview } from '../views.ts';
import { modal } from './modal.ts';
import { reroutedBlocks } from './preview-rule.ts';
import { channelProblems, labelOf } from './setup.ts';

export interface SetupPreview {
  team: TeamSource;
  change: TeamChange;
  channel: ChannelStanding;
  preview: RulePreview;
  note: string;
  /** What Publish must know: ids only. */
  metadata: object;
}

/** What would change, whom it moves, and what is still to be done in Slack. Nothing is changed before Publish. */
export function buildSetupPreview(data: SetupPreview): ModalView {
  const { team, change, channel, preview, note, metadata } = data;
  const what = [labelOf(team), ...teamChanges(team, change), ...consequences(team, change)].join(
    '\n',
  );
  return modal({
    title: SETUP.previewTitle,
    callbackId: VIEWS.setupPublish,
    submit: LABELS.publish,
    close: LABELS.cancel,
    metadata,
    blocks: [
      ...channelProblems(channel, change.channel).map((problem) => section(`*${problem}*`)),
      ...(preview.rerouted.length > 0
        ? []
        : [richText(span(RULES.previewRerouted(0, preview.openCount), 'bold'))]),
      richText(span(what)),
      richText(span(`“${fitLine(note, 300)}”`, 'italic')),
      ...reroutedBlocks(preview),
    ],
  });
}

/** Plain lines; none when nothing would change. */
export function teamChanges(team: TeamSource, change: TeamChange): string[] {
  const { what } = SETUP;
  const before = new Set(team.reps.map(({ email }) => email.toLowerCase()));
  const after = new Set(change.reps.map((email) => email.toLowerCase()));
  const added = [...after].filter((email) => !before.has(email));
  const removed = [...before].filter((email) => !after.has(email));
  const isReordered =
    added.length + removed.length === 0 && [...before].join() !== [...after].join();
  const manager = team.manager ?? null;
  const hours = [hoursText(team.hours), hoursText(change.hours)] as const;
  return [
    ...(change.channel === team.channel
      ? []
      : [what.channel(`#${team.channel}`, `#${change.channelName ?? change.channel}`)]),
    ...(added.length === 0 ? [] : [what.added(fitLine(added.join(', '), 600))]),
    ...(removed.length === 0 ? [] : [what.removed(fitLine(removed.join(', '), 600))]),
    ...(isReordered ? [what.order] : []),
    ...(manager?.toLowerCase() === change.manager?.toLowerCase()
      ? []
      : [what.manager(manager ?? what.nobody, change.manager ?? what.nobody)]),
    ...(hours[0] === hours[1] ? [] : [what.hours(...hours)]),
  ];
}

/** What the count of moved leads does not say. */
function consequences(team: TeamSource, change: TeamChange): string[] {
  const { what } = SETUP;
  return [
    ...(change.channel === team.channel ? [] : [what.boardMoves]),
    ...(hoursText(team.hours) === hoursText(change.hours) ? [] : [what.dueTimes]),
  ];
}

function hoursText({ days, from, to, time_zone: zone }: TeamSource['hours']): string {
  return SETUP.hours(daysText(days), from, to, zone);
}
