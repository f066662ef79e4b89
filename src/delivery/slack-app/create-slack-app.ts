import { App, HTTPReceiver, SocketModeReceiver } from '@slack/bolt';
import { WebClient, type WebClientOptions } from '@slack/web-api';
import type { Logger } from '../../platform/logger.ts';
import type { SlackDeps } from '../listeners/deps.ts';
import { referenceOf } from '../listeners/deps.ts';
import { describeError } from '../listeners/describe-error.ts';
import { registerListeners } from '../listeners/register-listeners.ts';
import { cleanBody } from './clean-body.ts';
import { keepConnected } from './keep-connected.ts';
import { BODY_LIMIT_BYTES, type RequestListener, SLACK_PATH } from './mount-slack.ts';
import { ownWorkspace } from './own-workspace.ts';
import { createSlackLogger } from './slack-logger.ts';
import { trackWork } from './track-work.ts';
import { onlyOwnWorkspace } from './workspace-guard.ts';

export interface SlackAppConfig {
  botToken: string;
  signingSecret: string;
  /** Requests from any other workspace are refused; absent: the workspace that the token belongs to. */
  teamId?: string | undefined;
  /** With a trailing slash; Slack's own when absent. */
  slackApiUrl?: string | undefined;
  /** Socket Mode when set. */
  appToken?: string | undefined;
}

export interface SlackAppOptions {
  config: SlackAppConfig;
  deps: SlackDeps;
  log: Logger;
}

export interface SlackApp {
  app: App;
  /** For `mountSlack`; null in Socket Mode. */
  requestListener: RequestListener | null;
  /** Connects in Socket Mode, and goes on trying while Slack is away. Does nothing for HTTP. */
  start(): void;
  /** Waits (at most `drainMs`) for clicks that are being worked on, so that their people are told. */
  stop(drainMs?: number): Promise<void>;
}

const TIMEOUT_MS = 10_000;
const DRAIN_MS = 10_000;

/** Bolt with our listeners. Calls nothing at Slack while it starts, so it starts while Slack is down. */
export function createSlackApp({ config, deps, log }: SlackAppOptions): SlackApp {
  const logger = createSlackLogger(log);
  const clientOptions: WebClientOptions = {
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: TIMEOUT_MS,
    fetch: fetchInTime,
    ...(config.slackApiUrl === undefined ? {} : { slackApiUrl: config.slackApiUrl }),
  };
  const receiver =
    config.appToken === undefined
      ? new HTTPReceiver({
          signingSecret: config.signingSecret,
          endpoints: SLACK_PATH,
          bodyLimit: BODY_LIMIT_BYTES,
          logger,
        })
      : new SocketModeReceiver({
          appToken: config.appToken,
          logger,
          // Its own retries stay on: without them a short outage ends in an unhandled rejection.
          installerOptions: {
            clientOptions: {
              ...(config.slackApiUrl === undefined ? {} : { slackApiUrl: config.slackApiUrl }),
            },
          },
        });
  const app = new App({
    receiver,
    logger,
    clientOptions,
    convoStore: false,
    // One workspace, one token: nothing to look up, so an act needs no call to Slack before its answer.
    authorize: async () => ({ botToken: config.botToken }),
  });
  const client = new WebClient(config.botToken, { ...clientOptions, logger });
  const work = trackWork();
  app.use(work.middleware);
  app.use(cleanBody);
  app.use(onlyOwnWorkspace(ownWorkspace(config.teamId, client, log), log));
  registerListeners(app, deps);
  app.error(async (error) => {
    const traceId = deps.ids();
    const reference = referenceOf(traceId);
    log.error({ traceId, reference, err: describeError(error) }, 'Slack request failed');
  });
  const connection = receiver instanceof SocketModeReceiver ? keepConnected(app, log) : null;
  return {
    app,
    requestListener: receiver instanceof HTTPReceiver ? receiver.requestListener : null,
    start: () => connection?.start(),
    async stop(drainMs = DRAIN_MS) {
      await connection?.stop();
      await work.idle(drainMs);
    },
  };
}

/** Answers by response_url go through here too, and Bolt gives those no time limit. */
function fetchInTime(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const signal = init?.signal ?? AbortSignal.timeout(TIMEOUT_MS);
  return fetch(input, { ...init, signal });
}
