import { type JsonRecord, recordOf, recordsOf, stringOf } from '../../demo/doubles/json.ts';
import type { SlackJournal } from '../../demo/slack/journal.ts';

/*
 * A screen reader and a notification get only the `text` of a message. What it must say, by kind:
 * each lead that can be acted on there with tier, points, name and until when (or who has it), and
 * what to do; of a decision, what was recorded and of which lead; of all else, a sentence.
 */

const METHODS = ['chat.postMessage', 'chat.update', 'chat.postEphemeral', 'response_url'];
/** Notifications and screen readers want no more; chat.update refuses more than 4,000. */
const LONGEST = 3_000;

/** "A 96 Ari Sample, VP Operations, Sample Health, due ..." */
const LEAD =
  /\b[ABCD] \d{1,3} \S[^\n]*?(due|no due time|accepted|contacted|snoozed|closed|held|Nothing|overrid)/g;
const LEAD_ID = /\bL-[0-9A-Z]{4,6}\b/;

interface Rule {
  kind: string;
  says: RegExp;
}

/** By the effect that a message came from. */
const BY_EFFECT: Readonly<Record<string, Rule>> = {
  'slack.board': { kind: 'a board', says: /^\d+ leads? to call, best first\n|^Nothing waits/ },
  'slack.hot': {
    kind: 'a hot lead',
    says: /^Tier [ABCD], \d+ points?: (call|accepted|contacted|snoozed|closed|held)/,
  },
  'slack.hot_direct': {
    kind: 'a hot lead, direct',
    says: /^Tier [ABCD], \d+ points?: |taken|no longer|accepted/i,
  },
  'slack.summary': { kind: 'a summary', says: /hot.*(call|none left|board order)/ },
  'slack.thread': { kind: 'a reply in a thread', says: /^[A-Z][^\n]* [^\n]*\S/ },
};

/** What each unusable text lacks; empty when all are usable. */
export function unusableTexts(journal: SlackJournal): string[] {
  const found = journal.all
    .filter(({ method, committed }) => METHODS.includes(method) && committed)
    .filter(({ args }) => args.delete_original !== true)
    .flatMap(({ method, args }) =>
      problemsOf(args).map(
        (problem) => `${method}: ${problem}: ${stringOf(args.text)?.slice(0, 300)}`,
      ),
    );
  return [...new Set(found)];
}

function problemsOf(message: JsonRecord): string[] {
  const text = stringOf(message.text) ?? '';
  const effect = stringOf(recordOf(recordOf(message.metadata).event_payload).effect) ?? '';
  const rule = BY_EFFECT[effect];
  const offered = leadsWithButtons(message);
  const named = [...text.matchAll(LEAD)].length;
  return [
    ...(text.trim().split(/\s+/).length < 3 ? ['says nothing'] : []),
    ...(text.length > LONGEST ? ['is too long'] : []),
    ...(rule === undefined || rule.says.test(text) ? [] : [`is not how ${rule.kind} begins`]),
    ...(named >= Math.min(offered, 1) && named >= offered ? [] : [`${named} of ${offered} leads`]),
    ...(/^(Recorded|Undone)\b/.test(text) && !LEAD_ID.test(text) && / lead|L-/.test(text)
      ? ['does not say of which lead']
      : []),
    ...(/undefined|null|NaN|\[object/.test(text) ? ['shows a value that is none'] : []),
  ];
}

/** How many leads can be accepted or overridden there. */
function leadsWithButtons({ blocks }: JsonRecord): number {
  const offers = (element: JsonRecord) =>
    element.action_id === 'lead_accept' || element.action_id === 'lead_override';
  return recordsOf(blocks).filter((block) => recordsOf(block.elements).some(offers)).length;
}
