import type { KnownBlock } from '@slack/types';
import { ACTIONS } from '../action-ids.ts';
import { actions, button, context, mrkdwn, section } from '../blocks/kit.ts';
import type { Message } from '../blocks/message.ts';
import { encodeLeadBlock, encodeLeadRef } from '../lead-ref.ts';
import type { TestLeadProgress } from '../test-lead-port.ts';
import { TEST_LEAD } from '../text/command-words.ts';
import { escapeMrkdwn } from '../text/escape.ts';
import { LABELS } from '../text/words.ts';

export interface TestLeadReply {
  progress: TestLeadProgress;
  /** One line above: that it is not a new one, that it takes long. */
  notice: string | null;
  isPaused: boolean;
  /** Another message will tell the rest. */
  follows: boolean;
}

/** What happened to a test lead and how long each step took. */
export function buildTestLead(reply: TestLeadReply): Message {
  const { progress, notice, follows } = reply;
  const { lead } = progress;
  const lines = [
    ...(notice === null ? [] : [notice]),
    `*${headline(progress)}*`,
    TEST_LEAD.steps(steps(progress)),
    ...trouble(reply),
    ...(follows ? [TEST_LEAD.follows] : []),
  ];
  return {
    text: lines.join('\n').replaceAll('*', ''),
    blocks: [
      section(lines.join('\n')),
      ...(lead === null || lead.state === 'closed' ? [] : buttons(lead.leadId, lead.score)),
      context(mrkdwn(TEST_LEAD.ends)),
    ],
  };
}

function headline({ lead }: TestLeadProgress): string {
  if (lead?.score == null) return TEST_LEAD.sent;
  const { shortId, score, routed } = lead;
  const parts = [TEST_LEAD.scored(shortId, score.tier, score.points)];
  if (routed !== null) {
    parts.push(routed.rep === null ? TEST_LEAD.forAnyone : TEST_LEAD.for(`<@${routed.rep}>`));
    parts.push(TEST_LEAD.in(channelName(routed.channel)));
  }
  return parts.join(', ');
}

/** Routing names a channel by its id or its name. */
function channelName(channel: string): string {
  if (/^[CG][A-Z0-9]{6,}$/.test(channel)) return `<#${channel}>`;
  return `#${escapeMrkdwn(channel.replace(/^#/, ''), 80)}`;
}

function steps({ receivedAt, storedAt, lead }: TestLeadProgress): string[] {
  const after = (at: Date) => afterwards(at.getTime() - receivedAt.getTime());
  const received = TEST_LEAD.received(after(storedAt));
  if (lead?.score == null) return [received, TEST_LEAD.notScored];
  const scored = TEST_LEAD.scoredAfter(after(lead.score.at));
  const { shown } = lead;
  const last = shown === null ? TEST_LEAD.notShown : TEST_LEAD.shown[shown.on](after(shown.at));
  return [received, scored, last];
}

/** "at once", "after 0.08 s", "after 12 s". */
function afterwards(ms: number): string {
  if (ms < 10) return TEST_LEAD.atOnce;
  const seconds = ms / 1_000;
  return `after ${seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(0)} s`;
}

function trouble({ progress, isPaused }: TestLeadReply): string[] {
  const { lead, heldReason } = progress;
  if (heldReason !== null) return [TEST_LEAD.unread(escapeMrkdwn(heldReason, 100))];
  if (lead?.state === 'held') return [TEST_LEAD.held(escapeMrkdwn(lead.heldDetail ?? '', 100))];
  return isPaused && lead?.shown == null ? [TEST_LEAD.paused] : [];
}

function buttons(leadId: string, score: object | null): KnownBlock[] {
  const ref = { leadId, revision: 0 };
  const value = encodeLeadRef(ref);
  return [
    actions(encodeLeadBlock('command', ref), [
      ...(score === null ? [] : [button({ label: LABELS.why, actionId: ACTIONS.leadWhy, value })]),
      button({ label: TEST_LEAD.remove, actionId: ACTIONS.testLeadRemove, value }),
    ]),
  ];
}
