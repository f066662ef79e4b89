import { randomUUID } from 'node:crypto';
import type { JsonRecord } from '../doubles/json.ts';
import type { SlackMessage, SlackView } from './client-state.ts';
import type { StateValues } from './form-state.ts';
import type { SlackWorkspace, WorkspaceUser } from './workspace.ts';

/** Slack still sends the old verification token; the signature is what counts. */
export const VERIFICATION_TOKEN = 'sample-verification-token';
const TEAM_DOMAIN = 'firstcall-sample';

/** What all interactive payloads share. */
function envelope(workspace: SlackWorkspace, user: WorkspaceUser): JsonRecord {
  return {
    user: { id: user.id, username: user.name, name: user.name, team_id: workspace.teamId },
    api_app_id: workspace.appId,
    token: VERIFICATION_TOKEN,
    team: { id: workspace.teamId, domain: TEAM_DOMAIN },
    enterprise: null,
    is_enterprise_install: false,
  };
}

function channelOf(workspace: SlackWorkspace, id: string): { id: string; name: string } {
  const channel = workspace.channels.find((each) => each.id === id);
  const name = channel?.isPrivate === true ? 'privategroup' : channel?.name;
  return { id, name: name ?? 'directmessage' };
}

export interface MessageClick {
  channel: string;
  message: SlackMessage;
  isEphemeral: boolean;
  action: JsonRecord;
  state: StateValues;
  triggerId: string;
  responseUrl: string;
}

export function messageActionsPayload(
  workspace: SlackWorkspace,
  user: WorkspaceUser,
  click: MessageClick,
): JsonRecord {
  return {
    type: 'block_actions',
    ...envelope(workspace, user),
    container: {
      type: 'message',
      message_ts: click.message.ts,
      channel_id: click.channel,
      is_ephemeral: click.isEphemeral,
    },
    trigger_id: click.triggerId,
    channel: channelOf(workspace, click.channel),
    // Slack does not send the content of ephemeral messages back.
    ...(click.isEphemeral ? {} : { message: click.message }),
    state: { values: click.state },
    response_url: click.responseUrl,
    actions: [click.action],
  };
}

export function viewActionsPayload(
  workspace: SlackWorkspace,
  user: WorkspaceUser,
  click: { view: SlackView; action: JsonRecord; state: StateValues; triggerId: string },
): JsonRecord {
  return {
    type: 'block_actions',
    ...envelope(workspace, user),
    container: { type: 'view', view_id: click.view.id },
    trigger_id: click.triggerId,
    view: viewPayload(workspace, click.view, click.state),
    actions: [click.action],
  };
}

function viewPayload(workspace: SlackWorkspace, view: SlackView, values: StateValues): JsonRecord {
  return { ...view, state: { values }, app_installed_team_id: workspace.teamId };
}

export function viewSubmissionPayload(
  workspace: SlackWorkspace,
  user: WorkspaceUser,
  view: SlackView,
  values: StateValues,
  triggerId: string,
): JsonRecord {
  return {
    type: 'view_submission',
    ...envelope(workspace, user),
    trigger_id: triggerId,
    view: viewPayload(workspace, view, values),
    response_urls: [],
  };
}

export function viewClosedPayload(
  workspace: SlackWorkspace,
  user: WorkspaceUser,
  view: SlackView,
  isCleared: boolean,
): JsonRecord {
  return {
    type: 'view_closed',
    ...envelope(workspace, user),
    view: viewPayload(workspace, view, {}),
    is_cleared: isCleared,
  };
}

export function shortcutPayload(
  workspace: SlackWorkspace,
  user: WorkspaceUser,
  use: {
    callbackId: string;
    channel: string;
    message: SlackMessage;
    triggerId: string;
    responseUrl: string;
  },
): JsonRecord {
  return {
    type: 'message_action',
    ...envelope(workspace, user),
    callback_id: use.callbackId,
    trigger_id: use.triggerId,
    message_ts: use.message.ts,
    response_url: use.responseUrl,
    channel: channelOf(workspace, use.channel),
    message: use.message,
    action_ts: actionTs(workspace),
  };
}

export function commandForm(
  workspace: SlackWorkspace,
  user: WorkspaceUser,
  use: {
    command: string;
    text: string;
    channel: string;
    triggerId: string;
    responseUrl: string;
  },
): Record<string, string> {
  const channel = channelOf(workspace, use.channel);
  return {
    token: VERIFICATION_TOKEN,
    team_id: workspace.teamId,
    team_domain: TEAM_DOMAIN,
    channel_id: channel.id,
    channel_name: channel.name,
    user_id: user.id,
    user_name: user.name,
    command: use.command,
    text: use.text,
    api_app_id: workspace.appId,
    is_enterprise_install: 'false',
    response_url: use.responseUrl,
    trigger_id: use.triggerId,
  };
}

export function eventPayload(
  workspace: SlackWorkspace,
  event: JsonRecord,
  eventId: string = `Ev${randomUUID().replaceAll('-', '').toUpperCase()}`,
): JsonRecord {
  return {
    type: 'event_callback',
    token: VERIFICATION_TOKEN,
    team_id: workspace.teamId,
    context_team_id: workspace.teamId,
    api_app_id: workspace.appId,
    event,
    event_id: eventId,
    event_time: Math.floor(workspace.clock.now().getTime() / 1_000),
    is_ext_shared_channel: false,
    authorizations: [
      {
        enterprise_id: null,
        team_id: workspace.teamId,
        user_id: workspace.botUserId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
  };
}

export function actionTs(workspace: SlackWorkspace): string {
  return (workspace.clock.now().getTime() / 1_000).toFixed(6);
}
