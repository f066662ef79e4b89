import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { createChannelChecks } from '../../delivery/channel-checks.ts';
import { buildHomeRefused } from '../../delivery/home/build-home.ts';
import { sentence } from '../../delivery/replies/sentence.ts';
import type { LeadBoard, MessageMark, SlackFailure } from '../../delivery/send/lead-board.ts';
import type { Recorder } from './recorder.ts';
import { sampleBoard } from './sample-board.ts';

export interface StepResult {
  name: string;
  outcome: 'passed' | 'failed' | 'skipped';
  /** What was found; or what is wrong and what to do, in one sentence. */
  detail: string;
}

export interface VerifyContext {
  client: WebClient;
  board: LeadBoard;
  recorder: Pick<Recorder, 'calls'>;
  /** As typed: a name or an id. */
  channel: string;
  /** Id or address of the person who is told privately and whose App Home is drawn. */
  person: string | undefined;
  teamId: string | undefined;
  /** Of manifest.yml. */
  scopes: readonly string[];
  /** Resolves when an app-level token opens a socket; null: none is set. */
  openSocket: (() => Promise<unknown>) | null;
  now(): Date;
}

/** What later steps need of earlier ones. */
interface Found {
  channelId?: string;
  userId?: string;
  board?: { ts: string; postedAt: Date };
  reply?: string;
}

type Step = [name: string, run: (context: VerifyContext, found: Found) => Promise<string>];

/** Says why a step cannot be tried. */
class Skipped extends Error {}
/** Says what is wrong and what to do. */
class Failed extends Error {}

const STEPS: readonly Step[] = [
  ['token', checkToken],
  ['scopes', checkScopes],
  ['socket mode', checkSocket],
  ['channel', findChannel],
  ['person', findPerson],
  ['post a board', postBoard],
  ['update it', updateBoard],
  ['find it by metadata', findBoard],
  ['private answer', tellPrivately],
  ['App Home', drawHome],
  ['answer in a thread', answerInThread],
  ['take all away', removeAll],
];

/** Plays the main flow. Every step is tried that can be; what was posted is taken away in any case. */
export async function verifySlack(context: VerifyContext): Promise<StepResult[]> {
  const found: Found = {};
  const results: StepResult[] = [];
  for (const [name, run] of STEPS) results.push(await tried(name, () => run(context, found)));
  return results;
}

async function tried(name: string, run: () => Promise<string>): Promise<StepResult> {
  try {
    return { name, outcome: 'passed', detail: await run() };
  } catch (error) {
    return { name, outcome: error instanceof Skipped ? 'skipped' : 'failed', detail: said(error) };
  }
}

/** By Slack's own code. */
const MENDS: Readonly<Record<string, string>> = {
  invalid_auth: 'Slack does not know the token: copy it again from OAuth & Permissions.',
  missing_scope: 'A scope is missing: add those of manifest.yml and install the app again.',
  not_in_channel: 'First Call is not in the channel: send /invite @First Call there.',
  user_not_in_channel: 'That person is not in the channel: name another one with --user.',
  users_not_found: 'Slack has nobody with this address: check --user.',
  user_not_found: 'Slack has nobody of this id: check --user.',
  not_enabled: 'The Home tab is off: switch it on on the page App Home of the app.',
  not_allowed_token_type:
    'This token is of the wrong kind: see the table of variables in the README.',
};

function said(error: unknown): string {
  if (error instanceof WebAPIPlatformError) {
    const code = error.data.error;
    const known = Object.hasOwn(MENDS, code) ? MENDS[code] : undefined;
    return known ?? `Slack answers "${code}".`;
  }
  return error instanceof Error ? error.message : String(error);
}

async function checkToken({ client, teamId }: VerifyContext): Promise<string> {
  const { team, team_id: home, user, bot_id: botId } = await client.auth.test();
  if (botId === undefined)
    throw new Failed('This is not a bot token: set SLACK_BOT_TOKEN to xoxb-...');
  if (teamId !== undefined && teamId !== home) {
    throw new Failed(
      `SLACK_TEAM_ID is not the workspace of the token (${home}): mend one of them.`,
    );
  }
  return `${user} in ${team}`;
}

async function checkScopes({ recorder, scopes }: VerifyContext): Promise<string> {
  const granted = recorder.calls.findLast((call) => call.scopes !== null)?.scopes;
  if (granted == null) throw new Skipped('Slack did not name the scopes of the token.');
  const missing = scopes.filter((scope) => !granted.includes(scope));
  if (missing.length > 0) {
    throw new Failed(`Missing: ${missing.join(', ')}. Add them to the app and install it again.`);
  }
  return `all ${scopes.length} of manifest.yml`;
}

async function checkSocket({ openSocket }: VerifyContext): Promise<string> {
  if (openSocket === null) throw new Skipped('No SLACK_APP_TOKEN is set: Slack calls our address.');
  await openSocket();
  return 'an app-level token opens a socket';
}

async function findChannel(context: VerifyContext, found: Found): Promise<string> {
  const id = await channelId(context);
  const checks = createChannelChecks(context.client, { resolve: async () => id });
  const standing = await checks.check(context.channel);
  const invite = 'open it in Slack and send /invite @First Call';
  if (id === null || standing.name === null) {
    throw new Failed(
      `Slack shows no channel ${context.channel}: check the name; if it is private, ${invite}.`,
    );
  }
  if (standing.isArchived) throw new Failed(`#${standing.name} is archived: name another channel.`);
  if (!standing.isMember) throw new Failed(`First Call is not in #${standing.name}: ${invite}.`);
  found.channelId = id;
  return `#${standing.name}, First Call is in it`;
}

async function channelId({ client, channel }: VerifyContext): Promise<string | null> {
  const name = channel.replace(/^#/, '');
  if (/^[CG][A-Z0-9]{6,}$/.test(name)) return name;
  let cursor: string | undefined;
  do {
    const answer = await client.conversations.list({
      ...{ exclude_archived: true, limit: 200, types: 'public_channel,private_channel' },
      ...(cursor === undefined ? {} : { cursor }),
    });
    const match = answer.channels?.find((each) => each.name === name)?.id;
    if (match !== undefined) return match;
    cursor = answer.response_metadata?.next_cursor;
  } while (cursor);
  return null;
}

async function findPerson({ client, person }: VerifyContext, found: Found): Promise<string> {
  if (person === undefined) {
    throw new Skipped(
      'Nobody is named: add --user with an e-mail address, or set FIRSTCALL_ADMINS.',
    );
  }
  const { user } = person.includes('@')
    ? await client.users.lookupByEmail({ email: person })
    : await client.users.info({ user: person });
  if (user?.id === undefined) throw new Failed('Slack has nobody of this name: check --user.');
  found.userId = user.id;
  const isNamed = user.profile?.email !== undefined;
  if (!isNamed) throw new Failed('Slack does not tell the e-mail address: add users:read.email.');
  return 'found, with an e-mail address';
}

const MARK: MessageMark = { key: 'verify:slack', effect: 'verify' };

async function postBoard({ board, now }: VerifyContext, found: Found): Promise<string> {
  const channel = needed(found.channelId, 'a channel');
  const postedAt = now();
  const posted = done(
    await board.post(channel, sampleBoard(channel, 80, postedAt), MARK),
    'posted',
  );
  found.board = { ts: posted.ts, postedAt };
  return 'a board with one labelled sample lead';
}

async function updateBoard({ board, client, now }: VerifyContext, found: Found): Promise<string> {
  const channel = needed(found.channelId, 'a channel');
  const { ts } = needed(found.board, 'a board');
  done(await board.update(channel, ts, sampleBoard(channel, 85, now()), MARK), 'updated');
  const { messages } = await client.conversations.history({
    channel,
    latest: ts,
    inclusive: true,
    limit: 1,
  });
  const shown = messages?.find((each) => each.ts === ts)?.text ?? '';
  if (!shown.includes('85'))
    throw new Failed('Slack took the update and shows the old board: try again.');
  return 'it shows the new points';
}

async function findBoard({ board }: VerifyContext, found: Found): Promise<string> {
  const channel = needed(found.channelId, 'a channel');
  const { ts, postedAt } = needed(found.board, 'a board');
  const since = new Date(postedAt.getTime() - 60_000);
  const result = done(await board.find(channel, MARK.key, since, undefined), 'found');
  if (result.ts !== ts)
    throw new Failed('Another message has our mark: delete what an earlier check left.');
  return 'the very message, by the ids in its metadata';
}

async function tellPrivately({ client }: VerifyContext, found: Found): Promise<string> {
  const channel = needed(found.channelId, 'a channel');
  const user = needed(found.userId, 'a person');
  const { message_ts: ts } = await client.chat.postEphemeral({ channel, user, ...sentence(SAID) });
  if (ts === undefined) throw new Failed('Slack took the private answer and gave it no time.');
  return 'shown to that person alone';
}

const SAID = 'First Call checks that it can work here. Nothing is to be done.';

async function drawHome({ client }: VerifyContext, found: Found): Promise<string> {
  const user = needed(found.userId, 'a person');
  const { view } = await client.views.publish({
    user_id: user,
    view: buildHomeRefused(sentence(SAID)),
  });
  if (view?.type !== 'home') throw new Failed('Slack drew no App Home: switch the Home tab on.');
  return 'drawn; it is drawn anew when they open it';
}

async function answerInThread({ board }: VerifyContext, found: Found): Promise<string> {
  const channel = needed(found.channelId, 'a channel');
  const { ts } = needed(found.board, 'a board');
  const mark = { ...MARK, key: `${MARK.key}:thread` };
  found.reply = done(await board.reply(channel, ts, sentence(SAID), mark), 'posted').ts;
  return 'below the board';
}

async function removeAll({ board }: VerifyContext, found: Found): Promise<string> {
  const channel = needed(found.channelId, 'a channel');
  const posted = [found.reply, needed(found.board, 'a board').ts].filter((ts) => ts !== undefined);
  for (const ts of posted) done(await board.remove(channel, ts), 'removed');
  return posted.length === 1 ? 'the board' : 'the answer and the board';
}

function needed<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Skipped(`It needs ${what}: see above.`);
  return value;
}

type Outcome = { kind: string } | SlackFailure;

/** The wanted outcome, or a sentence. */
function done<T extends Outcome, K extends T['kind']>(result: T, kind: K): Extract<T, { kind: K }> {
  if (isOf(result, kind)) return result;
  if ('error' in result) throw new Failed(`${result.error.message}${hintOf(result)}`);
  throw new Failed(`Slack says "${result.kind}": somebody may have deleted the message meanwhile.`);
}

function isOf<T extends Outcome, K extends T['kind']>(
  result: T,
  kind: K,
): result is Extract<T, { kind: K }> {
  return result.kind === kind;
}

function hintOf(result: object): string {
  const code = 'code' in result ? String(result.code) : '';
  if (code === 'missing_scope') return ' Add the scopes of manifest.yml and install the app again.';
  if (code === 'not_in_channel') return ' Send /invite @First Call in the channel.';
  return '';
}
