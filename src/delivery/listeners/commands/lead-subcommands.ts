import { buildBoard } from '../../cards/board.ts';
import { buildMessageModal } from '../../modals/message.ts';
import { buildPickLead } from '../../modals/pick-lead.ts';
import { buildDecided } from '../../replies/decided.ts';
import { buildHeld, buildHeldMatches } from '../../replies/held.ts';
import { buildNext, buildQueue } from '../../replies/queue.ts';
import { sentence } from '../../replies/sentence.ts';
import { escapeMrkdwn } from '../../text/escape.ts';
import { FIND, HELD, QUEUE } from '../../text/reply-words.ts';
import { MODAL } from '../../text/words.ts';
import type { SlackDeps } from '../deps.ts';
import { readWhy } from '../open-why.ts';
import type { Invocation, Subcommand } from './subcommand.ts';

export const LEAD_SUBCOMMANDS: readonly Subcommand[] = [
  {
    name: 'next',
    usage: 'next',
    does: 'the best lead that is yours to take',
    act: 'queue',
    kind: 'answer',
    answer: async ({ deps, userId }) =>
      buildNext(await deps.queries.next(userId), userId, deps.clock.now()),
  },
  {
    name: 'queue',
    usage: 'queue',
    does: 'what waits for you and what you have',
    act: 'queue',
    kind: 'answer',
    answer: async ({ deps, userId }) =>
      buildQueue(await deps.queries.queue(userId), deps.clock.now()),
  },
  {
    name: 'board',
    usage: 'board',
    does: 'the ranked board of this channel',
    more: ['Everybody in the channel sees the board; it stands at the end of the channel then.'],
    act: 'board',
    kind: 'answer',
    answer: showBoard,
    // It is there for everybody already.
    share: async () => null,
  },
  {
    name: 'why',
    usage: 'why L-4F7K',
    does: 'every line of a score; a name or a company works too',
    takes: 'text',
    act: 'why',
    kind: 'modal',
    open: openFound,
  },
  {
    name: 'held',
    usage: 'held',
    does: 'leads that are held, and why',
    act: 'held',
    kind: 'answer',
    answer: async ({ deps }) => buildHeld(await deps.queries.held(), deps.clock.now()),
  },
  {
    name: 'release',
    usage: 'release L-4F7K',
    does: 'lets a held lead go on; a name or a company works too',
    takes: 'words',
    act: 'release',
    kind: 'answer',
    answer: releaseFound,
  },
];

async function showBoard({ deps, channel, traceId }: Invocation) {
  const board = await deps.queries.board(channel);
  if (board === null) return sentence(QUEUE.noBoard);
  // While nothing is posted, the one who asks sees it all the same.
  if (deps.boards === undefined || (await deps.switches.paused())) return buildBoard(board);
  const result = await deps.boards.repost(channel, traceId);
  if (result.kind === 'no_board') return sentence(QUEUE.noBoard);
  return sentence(result.kind === 'owed' ? QUEUE.reposted : QUEUE.justPosted);
}

async function openFound({ deps, args, userId }: Invocation) {
  if (args === '') return buildMessageModal(MODAL.notDone, sentence(FIND.usage));
  const { leads, more } = await deps.queries.find(args);
  const [only] = leads;
  if (only === undefined) {
    return buildMessageModal(MODAL.notDone, sentence(FIND.none(escapeMrkdwn(args, 100))));
  }
  return leads.length === 1
    ? readWhy(deps, only.leadId, userId)
    : buildPickLead(leads, FIND.many(leads.length, more));
}

/** Only what is held can be meant: other leads of the same name do not stand in the way. */
async function releaseFound(call: Invocation) {
  const { deps, args, userId: actor, traceId, idempotencyKey } = call;
  if (args === '') return sentence(HELD.usage);
  const found = await deps.queries.findHeld(args);
  const [only] = found.rows;
  if (only === undefined) return sentence(await whyNotHeld(deps, args));
  if (found.rows.length > 1) return buildHeldMatches(found, deps.clock.now());
  const context = {
    leadId: only.leadId,
    actor,
    surface: 'command',
    idempotencyKey,
    traceId,
  } as const;
  return buildDecided('release', await deps.ledger.release(context), deps.clock.now());
}

async function whyNotHeld({ queries }: SlackDeps, args: string): Promise<string> {
  const { leads } = await queries.find(args);
  const [lead] = leads;
  const isMeant = lead !== undefined && leads.length === 1 && lead.state !== 'held';
  return isMeant ? HELD.notHeld(lead.shortId, lead.state) : HELD.noMatch(escapeMrkdwn(args, 100));
}
