import type { App, ViewOutput, ViewSubmitAction } from '@slack/bolt';
import { LONGEST_SNOOZE_DAYS, snoozeProblem } from '../../../decisions/decision-rules.ts';
import { INPUTS, VIEWS } from '../../action-ids.ts';
import { buildSaving } from '../../modals/loading.ts';
import { OTHER_TIME } from '../../modals/snooze.ts';
import { SNOOZE } from '../../text/decision-words.ts';
import { decidedModal } from '../decided-modal.ts';
import type { SlackDeps } from '../deps.ts';
import { refuseUnknown } from '../refuse-unknown.ts';
import { submitModal } from '../submit-modal.ts';
import { formContext, LeadForm } from './lead-form.ts';
import { pickedMoment, pickedOption, readMetadata } from './read-input.ts';

/** Snooze submitted: a time that cannot be is refused beside its field. */
export function register(app: App, deps: SlackDeps): void {
  app.view<ViewSubmitAction>(VIEWS.snooze, async (args) => {
    const { ack, body, view, client } = args;
    const form = readMetadata(view, LeadForm);
    if (form === null) return refuseUnknown(deps, args);
    const read = readUntil(view, deps.clock.now());
    if (!read.ok) return ack({ response_action: 'errors', errors: read.errors });
    const { until } = read;
    const traceId = deps.ids();
    const userId = body.user.id;
    const context = formContext(form, view, userId, traceId);
    await submitModal(deps, {
      ...{ client, ack, view, userId, traceId, channel: form.channel },
      act: 'snooze',
      surface: form.surface,
      waiting: buildSaving(),
      async work() {
        const result = await deps.ledger.snooze(context, until);
        return decidedModal(view, 'snooze', result, deps.clock.now(), { until });
      },
    });
  });
}

type ReadUntil = { ok: true; until: Date } | { ok: false; errors: Record<string, string> };

export function readUntil(view: ViewOutput, now: Date): ReadUntil {
  const { values } = view.state;
  const picked = pickedOption(values, INPUTS.when);
  const other = pickedMoment(values, INPUTS.otherTime);
  const isOther = picked === OTHER_TIME || (picked === null && other !== null);
  const field = isOther ? INPUTS.otherTime : INPUTS.when;
  const until = isOther ? other : offeredMoment(picked);
  if (until === null) {
    return { ok: false, errors: { [field]: isOther ? SNOOZE.pickOther : SNOOZE.pick } };
  }
  const problem = snoozeProblem(until, now);
  if (problem === null) return { ok: true, until };
  const said = problem === 'past' ? SNOOZE.past : SNOOZE.tooFar(LONGEST_SNOOZE_DAYS);
  return { ok: false, errors: { [field]: said } };
}

function offeredMoment(value: string | null): Date | null {
  return value !== null && /^\d{10}$/.test(value) ? new Date(Number(value) * 1_000) : null;
}
