import type { App, ViewOutput, ViewSubmitAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { INPUTS, VIEWS } from '../../action-ids.ts';
import { NOTE_MIN } from '../../modals/change-rule.ts';
import { type Entered, refill } from '../../modals/keep-input.ts';
import { buildSaving } from '../../modals/loading.ts';
import { buildMessageModal } from '../../modals/message.ts';
import { sentence } from '../../replies/sentence.ts';
import { escapeMrkdwn } from '../../text/escape.ts';
import { SETUP } from '../../text/setup-words.ts';
import { MODAL, RULES } from '../../text/words.ts';
import type { SlackDeps } from '../deps.ts';
import { readSetup, readSetupTeam } from '../read-setup.ts';
import { refreshBelow } from '../refresh-below.ts';
import { refuseUnknown } from '../refuse-unknown.ts';
import { resolveTeamForm, TeamForm } from '../resolve-team-form.ts';
import { type SubmitResult, submitModal } from '../submit-modal.ts';
import { readMetadata } from './read-input.ts';

const Metadata = z.object({
  form: TeamForm,
  note: z.string().min(NOTE_MIN),
  baseVersion: z.int32().positive(),
});
type Metadata = z.infer<typeof Metadata>;

/** Publish: the previewed team becomes part of a new live version. */
export function register(app: App, deps: SlackDeps): void {
  app.view<ViewSubmitAction>(VIEWS.setupPublish, async (args) => {
    const { ack, body, view, client } = args;
    const metadata = readMetadata(view, Metadata);
    if (metadata === null) return refuseUnknown(deps, args);
    const userId = body.user.id;
    await submitModal(deps, {
      ...{ client, ack, view, userId, traceId: deps.ids(), channel: null },
      act: 'setup',
      waiting: buildSaving(),
      work: () => publish(deps, { client, view, userId }, metadata),
    });
  });
}

interface Place {
  client: WebClient;
  view: ViewOutput;
  userId: string;
}

async function publish(
  deps: SlackDeps,
  place: Place,
  { form, note, baseVersion }: Metadata,
): Promise<SubmitResult> {
  const { teams } = await deps.ruleAdmin.live();
  const resolved = await resolveTeamForm(deps, teams, form);
  if (!resolved.ok) return told(false, resolved.message);
  const { change } = resolved;
  const result = await deps.ruleAdmin.publish(change, note, place.userId, baseVersion);
  if (result.kind === 'invalid') return told(false, escapeMrkdwn(result.message, 1_000));
  if (result.kind === 'conflict') {
    return { view: await reopen(deps, form, note, place.userId), message: null };
  }
  const isFresh = await refreshBelow(deps, place, () => readSetup(deps));
  const { version, rescoring, others } = result;
  const done = told(true, SETUP.published(version, RULES.rescoring(rescoring, others)));
  return isFresh ? done : { ...done, view: { ...done.view, clear_on_close: true } };
}

function told(isDone: boolean, text: string): SubmitResult {
  const message = sentence(text);
  return { view: buildMessageModal(isDone ? MODAL.done : MODAL.notDone, message), message };
}

/** The form as it would open on what is live now, with what was entered. */
async function reopen(
  deps: SlackDeps,
  form: TeamForm,
  note: string,
  userId: string,
): Promise<ModalView> {
  const { version } = await deps.ruleAdmin.live();
  const fresh = await readSetupTeam(deps, form.teamId, userId);
  return refill(fresh, enteredOf(form, note), RULES.conflict(version));
}

function enteredOf(form: TeamForm, note: string): Entered {
  const option = (value: string) => ({ text: { type: 'plain_text' as const, text: value }, value });
  const states: Record<string, Entered[string][string]> = {
    [INPUTS.channel]: { type: 'conversations_select', selected_conversation: form.channelId },
    [INPUTS.reps]: { type: 'multi_users_select', selected_users: form.userIds ?? [] },
    [INPUTS.manager]: { type: 'users_select', selected_user: form.managerId },
    [INPUTS.timeZone]: { type: 'static_select', selected_option: option(form.timeZone) },
    [INPUTS.days]: { type: 'checkboxes', selected_options: form.days.map(option) },
    [INPUTS.from]: { type: 'timepicker', selected_time: form.from },
    [INPUTS.to]: { type: 'timepicker', selected_time: form.to },
    [INPUTS.note]: { type: 'plain_text_input', value: note },
  };
  return Object.fromEntries(Object.entries(states).map(([id, state]) => [id, { [id]: state }]));
}
