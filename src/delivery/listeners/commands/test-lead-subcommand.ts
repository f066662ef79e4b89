import { setTimeout as wait } from 'node:timers/promises';
import type { Message } from '../../blocks/message.ts';
import type { Member } from '../../ports.ts';
import { buildTestLead } from '../../replies/test-lead.ts';
import type { SentTestLead, TestLeadProgress } from '../../test-lead-port.ts';
import { TEST_LEAD } from '../../text/command-words.ts';
import type { SlackDeps } from '../deps.ts';
import type { Invocation, Subcommand } from './subcommand.ts';

export const TEST_LEAD_SUBCOMMAND: Subcommand = {
  name: 'test-lead',
  usage: 'test-lead',
  does: 'sends a labelled sample lead through everything and says how long each step took',
  more: [TEST_LEAD.tells, TEST_LEAD.ends],
  act: 'testLead',
  kind: 'answer',
  answer: sendTestLead,
};

const EVERY_MS = 200;
/** Within the time in which a person is answered at all. */
const TRIES_AT_ONCE = 8;
/** A board may be drawn 30 seconds after the one before. */
const FOLLOW_SECONDS = 60;

async function sendTestLead(call: Invocation, member: Member): Promise<Message> {
  const { deps, traceId, idempotencyKey: key } = call;
  const sent = await deps.testLeads.send(member, { key, traceId });
  const notice = sent.isNew ? null : TEST_LEAD.already;
  const now = await follow(deps, sent, TRIES_AT_ONCE);
  if (!now.isSettled) call.later(() => tellRest(deps, sent));
  return buildTestLead({ ...now, notice, follows: !now.isSettled });
}

async function tellRest(deps: SlackDeps, sent: SentTestLead): Promise<Message> {
  const now = await follow(deps, sent, (FOLLOW_SECONDS * 1_000) / EVERY_MS);
  const notice = now.isSettled ? null : TEST_LEAD.late(FOLLOW_SECONDS);
  return buildTestLead({ ...now, notice, follows: false });
}

interface Followed {
  progress: TestLeadProgress;
  isPaused: boolean;
  /** Nothing more will happen to it by itself. */
  isSettled: boolean;
}

async function follow(deps: SlackDeps, sent: SentTestLead, tries: number): Promise<Followed> {
  for (let tried = 1; ; tried += 1) {
    const [progress, isPaused] = await Promise.all([
      deps.testLeads.progress(sent),
      deps.switches.paused(),
    ]);
    const isSettled = isDone(progress) || (isPaused && progress.lead?.score != null);
    if (isSettled || tried >= tries) return { progress, isPaused, isSettled };
    await wait(EVERY_MS);
  }
}

function isDone({ lead, heldReason }: TestLeadProgress): boolean {
  if (heldReason !== null) return true;
  return lead !== null && (lead.shown !== null || !['open', 'snoozed'].includes(lead.state));
}
