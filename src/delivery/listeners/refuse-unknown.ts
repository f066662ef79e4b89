import type { AllMiddlewareArgs, AnyMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import { REPLY } from '../text/reply-words.ts';
import { referenceOf, type SlackDeps } from './deps.ts';
import { refuse } from './refuse.ts';

const text = z.string().optional().catch(undefined);
/** What the request was about, for the log: ids only. */
const Named = z.object({
  type: text,
  command: text,
  callback_id: text,
  user: z.object({ id: text }).optional().catch(undefined),
  view: z.object({ id: text, callback_id: text }).optional().catch(undefined),
  actions: z
    .array(z.object({ action_id: text, block_id: text }))
    .optional()
    .catch(undefined),
});

/**
 * What we did not draw, or not in this form: a button of an earlier version, an id that is no id. Must be the
 * one to acknowledge.
 */
export async function refuseUnknown(
  deps: SlackDeps,
  args: AnyMiddlewareArgs & AllMiddlewareArgs,
): Promise<void> {
  const traceId = deps.ids();
  const reference = referenceOf(traceId);
  const request = Named.safeParse(args.body).data;
  deps.log.warn({ traceId, reference, request }, 'Slack request that nothing here answers');
  await refuse(args, REPLY.unknown(reference), deps.log);
}
