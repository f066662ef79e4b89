import type { ViewOutput } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { SlackDeps } from './deps.ts';
import { describeError } from './describe-error.ts';
import { updateView } from './update-view.ts';

export interface Below {
  client: WebClient;
  /** The modal on top. */
  view: ViewOutput;
}

/**
 * Draws the modal anew on which another one stands, so that closing that one never shows what is no longer so.
 * False: there is one, and it could not be drawn.
 */
export async function refreshBelow(
  deps: Pick<SlackDeps, 'log'>,
  { client, view }: Below,
  draw: () => Promise<ModalView>,
): Promise<boolean> {
  const viewId = view.previous_view_id;
  if (viewId === null || viewId === undefined) return true;
  try {
    await updateView(client, { viewId }, await draw());
    return true;
  } catch (error) {
    deps.log.info(
      { err: describeError(error), view: view.callback_id },
      'list below is not drawn anew',
    );
    return false;
  }
}
