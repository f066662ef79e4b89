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
): { later: Invocation['later']; tellRest(): Promise<void> } {
  const rest: (() => Promise<Message>)[] = [];
  return {
    later: (work) => void rest.push(work),
    async tellRest() {
      for (const work of rest) {
        const message = await work().catch((error: unknown) => {
          deps.log.error({ traceId, err: describeError(error) }, 'what follows cannot be told');
          return sentence(REPLY.notRead(referenceOf(traceId)));
        });
        await teller.tell(message);
      }
    },
  };
}
