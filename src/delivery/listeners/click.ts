import type { BlockAction, RespondFn } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { DecisionContext, Surface } from '../../decisions/ledger.ts';
import { decodeLeadBlock } from '../lead-ref.ts';
import type { SlackDeps } from './deps.ts';
import { type Teller, tellByResponse, tellInHome, tellInModal } from './teller.ts';

/** One click on one of our elements, as the signed request tells it. */
export interface Click {
  userId: string;
  /** Channel of the message that was clicked; null in modals and App Home. */
  channel: string | null;
  triggerId: string;
  traceId: string;
  surface: Surface;
  /** The same for a redelivery of the same click, another for another click. */
  idempotencyKey: string;
  /** The modal it was in. */
  modal: { id: string; hash: string } | null;
  isEphemeral: boolean;
  teller: Teller;
  client: WebClient;
}

export interface ClickArgs {
  body: BlockAction;
  client: WebClient;
  respond: RespondFn;
}

export function readClick(deps: SlackDeps, { body, client, respond }: ClickArgs): Click {
  const userId = body.user.id;
  const [action] = body.actions;
  const view = body.view;
  const channel = body.channel?.id ?? null;
  const where =
    view?.id ?? `${channel ?? ''}/${body.message?.ts ?? textOf(body.container.message_ts)}`;
  const teller =
    view === undefined
      ? tellByResponse(deps, respond, { client, channel, user: userId })
      : view.type === 'home'
        ? tellInHome(deps, client, userId)
        : tellInModal(client, view.id);
  return {
    userId,
    channel,
    triggerId: body.trigger_id,
    traceId: deps.ids(),
    surface: decodeLeadBlock(action?.block_id)?.surface ?? surfaceOf(view?.type),
    idempotencyKey: `click:${where}:${action?.action_id}:${action?.block_id}:${action?.action_ts}:${userId}`,
    modal: view?.type === 'modal' ? { id: view.id, hash: view.hash } : null,
    isEphemeral: body.container.is_ephemeral === true,
    teller,
    client,
  };
}

function surfaceOf(viewType: string | undefined): Surface {
  if (viewType === undefined) return 'board';
  return viewType === 'home' ? 'home' : 'why';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function decisionContext(click: Click, leadId: string): DecisionContext {
  const { userId: actor, surface, idempotencyKey, traceId } = click;
  return { leadId, actor, surface, idempotencyKey, traceId };
}
