import type { Message } from '../../blocks/message.ts';
import { sentence } from '../../replies/sentence.ts';
import { REPLY } from '../../text/reply-words.ts';
import { referenceOf, type SlackDeps } from '../deps.ts';
import { describeError } from '../describe-error.ts';
import type { Teller } from '../teller.ts';
import type { Invocation } from './subcommand.ts';

/** Collects what an answer leaves for later, and tells it once the answer itself is told. */
export function tellLater(
  deps: SlackDeps,
  teller: Teller,
  traceId: string,
): { later: Invocation['later']; tellRest(): void } {
  const rest: (() => Promise<Message>)[] = [];

  async function tellOne(work: () => Promise<Message>): Promise<void> {
    try {
      await teller.tell(await work());
    } catch (error) {
      deps.log.warn({ traceId, err: describeError(error) }, 'what follows cannot be told');
      await teller.tell(sentence(REPLY.notRead(referenceOf(traceId)))).catch(() => undefined);
    }
  }

  return {
    later: (work) => void rest.push(work),
    // Nobody waits for it: a stop of this process would, for as long as it takes.
    tellRest: () => rest.forEach((work) => void tellOne(work)),
  };
}
