import type { App, ViewOutput, ViewSubmitAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { z } from 'zod';
import type { DecisionContext, OverrideInput } from '../../../decisions/ledger.ts';
import { WORKED } from '../../../decisions/ledger.ts';
import { Tier } from '../../../scoring/assessment.ts';
import { INPUTS, VIEWS } from '../../action-ids.ts';
import { keepInput, refill } from '../../modals/keep-input.ts';
import { buildSaving } from '../../modals/loading.ts';
import { buildMessageModal } from '../../modals/message.ts';
import { buildOverride, OUT } from '../../modals/override.ts';
import { buildDecided } from '../../replies/decided.ts';
import { sentence } from '../../replies/sentence.ts';
import { MODAL, OVERRIDE } from '../../text/words.ts';
import type { SlackDeps } from '../deps.ts';
import { refuseUnknown } from '../refuse-unknown.ts';
import { submitModal } from '../submit-modal.ts';
import { enteredText, pickedOption, readMetadata, submitKey, tickedBoxes } from './read-input.ts';

const Metadata = z.object({
  leadId: z.uuid(),
  surface: z.enum(['board', 'hot', 'why', 'next', 'home', 'queue', 'command']),
  channel: z.string().nullable(),
  tier: Tier,
  shown: z.object({ rulesetVersion: z.int32(), scoredAt: z.iso.datetime() }),
});
type Metadata = z.infer<typeof Metadata>;

/** Override submitted: checked without the database, then recorded. */
export function register(app: App, deps: SlackDeps): void {
  app.view<ViewSubmitAction>(VIEWS.override, async (args) => {
    const { ack, body, view, client } = args;
    const metadata = readMetadata(view, Metadata);
    if (metadata === null) return refuseUnknown(deps, args);
    const read = readOverride(view, metadata);
    if (!read.ok) return ack({ response_action: 'errors', errors: read.errors });
    const traceId = deps.ids();
    const userId = body.user.id;
    const { leadId, surface, channel } = metadata;
    const idempotencyKey = submitKey(view, userId);
    const context: DecisionContext = { leadId, actor: userId, surface, idempotencyKey, traceId };
    await submitModal(deps, {
      ...{ client, ack, view, userId, traceId, channel },
      act: 'override',
      waiting: buildSaving(),
      async work() {
        const result = await deps.ledger.override(context, read.input);
        if (result.kind === 'stale') {
          const notice = OVERRIDE.stale[result.because];
          return { view: await redraw(deps, metadata, view, notice), message: sentence(notice) };
        }
        const words = read.input.toTier === null ? 'disqualify' : 'override';
        const message = buildDecided(words, result, deps.clock.now());
        const done = result.kind === 'recorded' || result.kind === 'repeated';
        return { view: buildMessageModal(done ? MODAL.done : MODAL.notDone, message), message };
      },
    });
  });
}

/** The form as it would open now, with what was entered. */
async function redraw(
  deps: SlackDeps,
  { leadId, surface, channel }: Metadata,
  view: ViewOutput,
  notice: string,
): Promise<ModalView> {
  const [why, codes] = await Promise.all([deps.queries.why(leadId), deps.codes()]);
  if (why === null) return keepInput(view, notice);
  return refill(buildOverride(why, codes, { leadId, surface, channel }), view.state.values, notice);
}

type ReadOverride =
  | { ok: true; input: OverrideInput }
  | { ok: false; errors: Record<string, string> };

/** `tier` and `shown`: what the person saw when they decided. */
export function readOverride(
  view: ViewOutput,
  { tier: before, shown }: Pick<Metadata, 'tier' | 'shown'>,
): ReadOverride {
  const { values } = view.state;
  const target = pickedOption(values, INPUTS.target);
  const out = target === OUT;
  const tier = Tier.safeParse(target);
  if (!out && (!tier.success || tier.data === before)) {
    return { ok: false, errors: { [INPUTS.target]: OVERRIDE.sameTier } };
  }
  const [group, code] = splitReason(pickedOption(values, INPUTS.reason));
  if (code === '' || group !== (out ? OUT : 'tier')) {
    const wanted = out ? OVERRIDE.pickReasonForOut : OVERRIDE.pickReasonForTier;
    return { ok: false, errors: { [INPUTS.reason]: wanted } };
  }
  const worked = pickedOption(values, INPUTS.worked);
  return {
    ok: true,
    input: {
      toTier: out || !tier.success ? null : tier.data,
      reasonCode: code,
      blamedRules: tickedBoxes(values, INPUTS.wrongLines),
      worked: WORKED.find((each) => each === worked) ?? 'no',
      note: enteredText(values, INPUTS.note),
      shown,
    },
  };
}

function splitReason(value: string | null): [group: string, code: string] {
  const colon = value?.indexOf(':') ?? -1;
  return value === null || colon < 0 ? ['', ''] : [value.slice(0, colon), value.slice(colon + 1)];
}
