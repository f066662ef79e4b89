import type { DecisionResult } from '../../decisions/ledger.ts';
import type { Message } from '../blocks/message.ts';
import { type Act, buildDecided, type DecidedFacts } from '../replies/decided.ts';
import { sentence } from '../replies/sentence.ts';
import { REPLY } from '../text/reply-words.ts';
import { attempt } from './attempt.ts';
import type { SlackDeps } from './deps.ts';
import { type ActName, requireRole } from './require-role.ts';
import type { Teller } from './teller.ts';

export interface DecisionRequest {
  userId: string;
  traceId: string;
  act: ActName;
  /** How the answer is worded. */
  words: Act;
  /** What the answer says besides. */
  facts?: DecidedFacts;
  teller: Teller;
  /** Put the answer in place of the private message that was clicked, once it is recorded. */
  replace?: boolean;
  decide(): Promise<DecisionResult>;
}

interface Answer {
  message: Message;
  recorded: boolean;
}

/** One decision by one click: recorded and told, or told that it is not. */
export async function recordDecision(deps: SlackDeps, request: DecisionRequest): Promise<void> {
  const { teller, traceId, act, words, userId } = request;
  await attempt<Answer>(deps, {
    name: act,
    traceId,
    async work() {
      const allowed = await requireRole(deps.members, userId, act);
      if (!allowed.ok) return { message: sentence(allowed.message), recorded: false };
      const result = await request.decide();
      const recorded = result.kind === 'recorded' || result.kind === 'repeated';
      return { message: buildDecided(words, result, deps.clock.now(), request.facts), recorded };
    },
    async done({ message, recorded }, late) {
      const told = late && recorded ? afterAll(message) : message;
      await teller.tell(told, { replace: recorded && request.replace === true });
    },
    late: (reference) => teller.tell(sentence(REPLY.notYet(reference))),
    failed: (reference) => teller.tell(sentence(REPLY.notRecorded(reference))),
    unsure: (reference) => teller.tell(sentence(REPLY.unsure(reference))),
  });
}

function afterAll(message: Message): Message {
  const [first] = sentence(REPLY.afterAll).blocks;
  return {
    text: `${REPLY.afterAll} ${message.text}`,
    blocks: first === undefined ? message.blocks : [first, ...message.blocks],
  };
}
