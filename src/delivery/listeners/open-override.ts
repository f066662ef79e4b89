import { allows, notPossible } from '../../decisions/decision-rules.ts';
import { isAnothers } from '../cards/lead-words.ts';
import { buildMessageModal } from '../modals/message.ts';
import { buildOverride } from '../modals/override.ts';
import { sentence } from '../replies/sentence.ts';
import { fitLine } from '../text/escape.ts';
import { REPLY } from '../text/reply-words.ts';
import { dateToken } from '../text/time.ts';
import { MODAL } from '../text/words.ts';
import type { LeadRow } from '../views.ts';
import type { Click } from './click.ts';
import type { SlackDeps } from './deps.ts';
import { openModal } from './open-modal.ts';

/** Said before anything is entered: a button on an older message may offer what is not possible since. */
function refusal(lead: LeadRow, viewer: string, out: boolean, now: Date): string | null {
  const id = fitLine(lead.shortId, 20);
  if (!allows(out ? 'disqualified' : 'overridden', lead.state)) return notPossible(id, lead.state);
  if (!out || lead.accepted === null || !isAnothers(lead, viewer)) return null;
  return `${REPLY.taken(id)} <@${lead.rep}> ${REPLY.takenBy} ${dateToken(lead.accepted.at, now)}.`;
}

/** `out`: only why it should not be called is asked. */
export async function openOverride(
  deps: SlackDeps,
  click: Click,
  leadId: string,
  { out = false }: { out?: boolean } = {},
): Promise<void> {
  await openModal(deps, {
    ...click,
    act: 'override',
    push: click.modal !== null,
    async build(member) {
      const [view, codes] = await Promise.all([deps.queries.why(leadId), deps.codes()]);
      if (view === null) return buildMessageModal(MODAL.notDone, sentence(MODAL.notFound));
      const viewer = member.slackUserId;
      const refused = refusal(view.lead, viewer, out, deps.clock.now());
      if (refused !== null) return buildMessageModal(MODAL.notDone, sentence(refused));
      const { surface, channel } = click;
      return buildOverride(view, codes, { leadId, surface, channel, out, viewer });
    },
  });
}
