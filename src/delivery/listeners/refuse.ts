import type {
  AllMiddlewareArgs,
  AnyMiddlewareArgs,
  SlackViewMiddlewareArgs,
  ViewSubmitAction,
} from '@slack/bolt';
import { z } from 'zod';
import type { Logger } from '../../platform/logger.ts';
import { buildHomeRefused } from '../home/build-home.ts';
import { buildMessageModal } from '../modals/message.ts';
import { sentence } from '../replies/sentence.ts';
import { MODAL } from '../text/words.ts';
import { describeError } from './describe-error.ts';

/** Where the person is, in requests of every kind. */
const Place = z.object({
  user: z.object({ id: z.string() }).optional().catch(undefined),
  view: z.object({ id: z.string(), type: z.string() }).optional().catch(undefined),
  event: z
    .object({ type: z.string(), user: z.string(), tab: z.string() })
    .optional()
    .catch(undefined),
});

/** Acknowledges whatever it was and says one sentence where the person is. Reads nothing, records nothing. */
export async function refuse(
  args: AnyMiddlewareArgs & AllMiddlewareArgs,
  text: string,
  log: Logger,
): Promise<void> {
  const place = Place.safeParse(args.body).data ?? {};
  if ('command' in args) return void (await args.ack(text));
  if (isSubmit(args)) {
    const view = buildMessageModal(MODAL.notDone, sentence(text));
    return args.ack({ response_action: 'update', view });
  }
  if ('ack' in args && typeof args.ack === 'function') await args.ack();
  try {
    await say(args, place, text);
  } catch (error) {
    log.info({ err: describeError(error) }, 'a refusal could not be told');
  }
}

/** A closed view can be acknowledged only; a submitted one takes an answer. */
function isSubmit(args: AnyMiddlewareArgs): args is SlackViewMiddlewareArgs<ViewSubmitAction> {
  return 'view' in args && 'type' in args.body && args.body.type === 'view_submission';
}

async function say(
  args: AnyMiddlewareArgs & AllMiddlewareArgs,
  { user, view, event }: z.infer<typeof Place>,
  text: string,
): Promise<void> {
  const { client } = args;
  const message = sentence(text);
  if (event?.type === 'app_home_opened' && event.tab === 'home') {
    await client.views.publish({ user_id: event.user, view: buildHomeRefused(message) });
  } else if (view?.type === 'home' && user !== undefined) {
    await client.views.publish({ user_id: user.id, view: buildHomeRefused(message) });
  } else if (view?.type === 'modal') {
    const shown = buildMessageModal(MODAL.notDone, message);
    await client.views.update({ view_id: view.id, view: shown });
  } else if ('respond' in args && typeof args.respond === 'function') {
    await args.respond({ ...message, response_type: 'ephemeral', replace_original: false });
  }
}
