import type { EffectPayload } from '../../platform/outbox.ts';
import { isSlackUserId } from '../slack-user-id.ts';
import type { MessageContent } from './lead-board.ts';

type Sentence = (ids: EffectPayload) => string;

/** Values in a notice are ids, field names and codes of ours; still, nothing may ping or link. */
function plain(value: string | undefined): string {
  return (value ?? 'unknown').replace(/[^\w .,:()#@-]/g, ' ').slice(0, 200);
}

const ELSEWHERE = 'Or pick another channel with `/firstcall setup`.';

/** What an admin does about a channel, by Slack's code. */
const REMEDIES: Readonly<Record<string, string>> = {
  is_archived: `It is archived: unarchive it. ${ELSEWHERE}`,
  not_in_channel: `First Call is not in it: type /invite @First Call there. ${ELSEWHERE}`,
  channel_not_found: `Slack has no such channel, or it is private and First Call is not in it: type /invite @First Call there. ${ELSEWHERE}`,
  restricted_action: `Only some people may post there: allow First Call in the channel's settings. ${ELSEWHERE}`,
  restricted_action_read_only_channel: `It is read-only: allow First Call in the channel's settings. ${ELSEWHERE}`,
};

/** Slack shows an id as the channel's or the person's name; nobody is pinged by a direct message to somebody else. */
function place(id: string): string {
  if (/^[CG][A-Z0-9]{6,}$/.test(id)) return `<#${id}>`;
  if (isSlackUserId(id)) return `the direct messages of <@${id}>`;
  return `#${plain(id)}`;
}

const SENTENCES: Readonly<Record<string, Sentence>> = {
  effect_failed: (ids) =>
    `First Call could not send something (${plain(ids.effectKind)}, ${plain(ids.code)}) and has put it aside. It is tried again every 15 minutes. Reference: ${plain(ids.effectId)}.`,
  channel_unreachable: ({ channelId = '', code = '' }) =>
    `First Call cannot post in ${place(channelId)}. ${REMEDIES[code] ?? `Slack says ${plain(code)}. ${ELSEWHERE}`} It is tried again every five minutes: the board appears by itself, and nothing is lost meanwhile.`,
  manager_unknown: (ids) =>
    `Leads of team ${plain(ids.team)} wait for a call, and Slack has nobody with the e-mail address of its manager. Pick the manager anew with \`/firstcall setup\`, so that somebody hears of them.`,
  crm_field_missing: (ids) =>
    `The CRM does not know the field ${plain(ids.field)} on Lead, so scores are not written back. Create the field, or give this user access to it, or change the field mapping. It is tried again every 15 minutes.`,
  crm_rejected: (ids) =>
    `The CRM refused what First Call wrote for lead ${plain(ids.shortId)} (${plain(ids.code)}${ids.field === undefined ? '' : `, field ${plain(ids.field)}`}). It is tried again every 15 minutes.`,
  crm_duplicate: (ids) =>
    `The CRM holds a duplicate of lead ${plain(ids.shortId)} and First Call cannot tell which record is meant (${plain(ids.crmId)}). Merge them in the CRM.`,
  crm_unauthorized: () =>
    'The CRM refuses our login, so nothing is written back. Check the connected app, its user and its secret. It is tried again every few minutes, and nothing is lost meanwhile.',
  crm_limit: () =>
    'The CRM says that its daily limit of API calls is used up. First Call writes back later; nothing is lost.',
  crm_owner_unmatched: (ids) =>
    `<@${plain(ids.memberId)}> has no user of the same e-mail address in the CRM, so leads that they accept keep their owner there.`,
  crm_changed_since: (ids) =>
    `Lead ${plain(ids.shortId)} was undone here, but its ${plain(ids.field)} in the CRM had been changed by somebody else meanwhile, so it was left as it is.`,
  crm_created_with: (ids) =>
    `A decision on lead ${plain(ids.shortId)} was taken back here, but its record in the CRM was created with this ${plain(ids.field)}, so it stays. Change it there.`,
};

/** The lanes' own notices. Null for a kind that is not theirs. */
export function renderEffectNotice(noticeKind: string, ids: EffectPayload): MessageContent | null {
  const sentence = SENTENCES[noticeKind];
  if (sentence === undefined) return null;
  const text = sentence(ids);
  return { text, blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }] };
}
