import { setTimeout as wait } from 'node:timers/promises';
import type { ModalView } from '@slack/types';
import { WebAPIRateLimitedError, type WebClient } from '@slack/web-api';

export interface ViewTarget {
  viewId: string;
  /** As it was last seen: Slack refuses the update when the view has changed since. */
  hash?: string;
}

/** Longest wait that still answers a person who looks at a modal. */
const WORTH_WAITING_SECONDS = 5;

/** Updates a modal and returns it as it is now; one 429 is waited out when Slack says that it is short. */
export async function updateView(
  client: WebClient,
  target: ViewTarget,
  view: ModalView,
): Promise<ViewTarget> {
  const send = () =>
    client.views.update({
      view_id: target.viewId,
      view,
      ...(target.hash === undefined ? {} : { hash: target.hash }),
    });
  const answer = await send().catch(async (error: unknown) => {
    if (!(error instanceof WebAPIRateLimitedError)) throw error;
    if (error.retryAfter > WORTH_WAITING_SECONDS) throw error;
    await wait(error.retryAfter * 1_000);
    return send();
  });
  const hash = answer.view?.hash;
  return { viewId: target.viewId, ...(hash === undefined ? {} : { hash }) };
}
