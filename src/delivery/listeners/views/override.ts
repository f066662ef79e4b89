import type { App, ViewOutput, ViewSubmitAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { type DecisionResult, type OverrideInput, WORKED } from '../../../decisions/ledger.ts';
import { Tier } from '../../../scoring/assessment.ts';
import { INPUTS, VIEWS } from '../../action-ids.ts';
import { keepInput, refill } from '../../modals/keep-input.ts';
import { buildSaving } from '../../modals/loading.ts';
import { buildOverride, OUT } from '../../modals/override.ts';
import { type DecidedFacts, staleText } from '../../replies/decided.ts';
import { sentence } from '../../replies/sentence.ts';
import { OVERRIDE } from '../../text/words.ts';
import { decidedModal } from '../decided-modal.ts';
import type { SlackDeps } from '../deps.ts';
import { describeError } from '../describe-error.ts';
import { refuseUnknown } from '../refuse-unknown.ts';
import { submitModal } from '../submit-modal.ts';
import { formContext, LeadForm } from './lead-form.ts';
import { enteredText, pickedOption, readMetadata, tickedBoxes } from './read-input.ts';

const Metadata = LeadForm.extend({
  tier: Tier,
  shown: z.object({
    ...{ rulesetVersion: z.int32(), scoredAt: z.iso.datetime() },
    /** Forms that were opened before this was compared do not say it. */
    overrideId: z.uuid().nullable().optional(),
  }),
  /** Forms that were opened before there was this choice ask for the tier. */
  out: z.boolean().default(false),
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
    const context = formContext(metadata, view, userId, traceId);
    await submitModal(deps, {
      ...{ client, ack, view, userId, traceId, channel: metadata.channel },
      act: 'override',
      surface: metadata.surface,
      waiting: buildSaving(),
      async work() {
        const result = await deps.ledger.override(context, read.input);
        if (result.kind === 'stale') {
          const notice = staleText(result, deps.clock.now());
          return {
            view: await redraw(deps, metadata, view, notice, userId),
            message: sentence(notice),
          };
        }
        const words = read.input.toTier === null ? 'disqualify' : 'override';
        const facts = await factsOf(deps, metadata.leadId, result);
        return decidedModal(view, words, result, deps.clock.now(), facts);
      },
    });
  });
}

/** Its new place, read after the commit. What is recorded is said to be so even when that cannot be read. */
async function factsOf(
  deps: SlackDeps,
  leadId: string,
  { kind }: DecisionResult,
): Promise<DecidedFacts> {
  if (kind !== 'recorded' && kind !== 'repeated') return {};
  try {
    return { place: await deps.queries.place(leadId) };
  } catch (error) {
    deps.log.warn({ leadId, err: describeError(error) }, 'the place on the board cannot be read');
    return {};
  }
}

/** The form as it would open now, with what was entered. */
async function redraw(
  deps: SlackDeps,
  { leadId, surface, channel, out }: Metadata,
  view: ViewOutput,
  notice: string,
  viewer: string,
): Promise<ModalView> {
  const [why, codes] = await Promise.all([deps.queries.why(leadId), deps.codes()]);
  if (why === null) return keepInput(view, notice);
  return refill(
    buildOverride(why, codes, { leadId, surface, channel, out, viewer }),
    view.state.values,
    notice,
  );
}

type ReadOverride =
  | { ok: true; input: OverrideInput }
  | { ok: false; errors: Record<string, string> };

/** `tier` and `shown`: what the person saw when they decided. */
export function readOverride(
  view: ViewOutput,
  { tier: before, shown, out: isOut }: Pick<Metadata, 'tier' | 'shown' | 'out'>,
): ReadOverride {
  const { values } = view.state;
  const target = isOut ? OUT : pickedOption(values, INPUTS.target);
  if (target === null) return { ok: false, errors: { [INPUTS.target]: OVERRIDE.pickTarget } };
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
      shown: { ...shown, tier: before },
    },
  };
}

function splitReason(value: string | null): [group: string, code: string] {
  const colon = value?.indexOf(':') ?? -1;
  return value === null || colon < 0 ? ['', ''] : [value.slice(0, colon), value.slice(colon + 1)];
}
