import type { App, ViewOutput, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { INPUTS, VIEWS } from '../../action-ids.ts';
import { NOTE_MIN } from '../../modals/change-rule.ts';
import { keepInput, refill } from '../../modals/keep-input.ts';
import { buildComputing } from '../../modals/loading.ts';
import { buildSetupPreview, teamChanges } from '../../modals/setup-preview.ts';
import { escapeMrkdwn } from '../../text/escape.ts';
import { SETUP } from '../../text/setup-words.ts';
import { RULES } from '../../text/words.ts';
import type { SlackDeps } from '../deps.ts';
import { readSetupTeam } from '../read-setup.ts';
import { refuseUnknown } from '../refuse-unknown.ts';
import { resolveTeamForm, TeamForm } from '../resolve-team-form.ts';
import { type SubmitResult, submitModal } from '../submit-modal.ts';
import {
  enteredText,
  pickedOption,
  pickedText,
  pickedUser,
  pickedUsers,
  readMetadata,
  tickedBoxes,
} from './read-input.ts';

const Metadata = z.object({ teamId: z.string(), baseVersion: z.int32().positive() });
type Metadata = z.infer<typeof Metadata>;

/** A team submitted: nothing is changed yet, the preview says what would be. */
export function register(app: App, deps: SlackDeps): void {
  app.view<ViewSubmitAction>(VIEWS.setupTeam, async (args) => {
    const { ack, body, view, client } = args;
    const metadata = readMetadata(view, Metadata);
    if (metadata === null) return refuseUnknown(deps, args);
    if (tickedBoxes(view.state.values, INPUTS.days).length === 0) {
      return ack({ response_action: 'errors', errors: { [INPUTS.days]: SETUP.pickDay } });
    }
    const note = enteredText(view.state.values, INPUTS.note) ?? '';
    if (note.length < NOTE_MIN) {
      return ack({ response_action: 'errors', errors: { [INPUTS.note]: RULES.noteMissing } });
    }
    const form = readTeamForm(view, metadata.teamId);
    if (!form.success) return refuseUnknown(deps, args);
    const userId = body.user.id;
    await submitModal(deps, {
      ...{ client, ack, view, userId, traceId: deps.ids(), channel: null },
      act: 'setup',
      waiting: buildComputing(),
      work: () => preview(deps, { view, metadata, form: form.data, note, userId }),
    });
  });
}

interface Submitted {
  view: ViewOutput;
  metadata: Metadata;
  form: TeamForm;
  note: string;
  userId: string;
}

async function preview(deps: SlackDeps, submitted: Submitted): Promise<SubmitResult> {
  const { view, metadata, form, note, userId } = submitted;
  const { baseVersion } = metadata;
  const { version, teams } = await deps.ruleAdmin.live();
  if (version !== baseVersion) {
    const fresh = await readSetupTeam(deps, form.teamId, userId);
    return { view: refill(fresh, view.state.values, RULES.conflict(version)), message: null };
  }
  const keep = (notice: string) => ({ view: keepInput(view, notice), message: null });
  const resolved = await resolveTeamForm(deps, teams, form);
  if (!resolved.ok) return keep(resolved.message);
  const { team, change, channel } = resolved;
  if (teamChanges(team, change).length === 0) return keep(SETUP.nothingChanged);
  const result = await deps.ruleAdmin.preview(change);
  if (!result.ok) return keep(escapeMrkdwn(result.message, 600));
  const shown = { team, change, channel, note, preview: result.preview };
  const kept = { form, note, baseVersion };
  return { view: buildSetupPreview({ ...shown, metadata: kept }), message: null };
}

/** Fails on what our own form cannot give. */
function readTeamForm({ state: { values } }: ViewOutput, teamId: string) {
  return TeamForm.safeParse({
    teamId,
    channelId: pickedText(values, INPUTS.channel),
    userIds: INPUTS.reps in values ? pickedUsers(values, INPUTS.reps) : null,
    managerId: pickedUser(values, INPUTS.manager),
    timeZone: pickedOption(values, INPUTS.timeZone),
    days: tickedBoxes(values, INPUTS.days),
    from: pickedText(values, INPUTS.from),
    to: pickedText(values, INPUTS.to),
  });
}
