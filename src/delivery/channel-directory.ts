import type { WebClient } from '@slack/web-api';
import type { Kysely } from 'kysely';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/postgres/tables.ts';
import type { Rulesets } from '../records/rulesets.ts';
import { mergeSetting, readSetting, writeSetting } from '../records/settings.ts';

/** A team's board: the channel as routing names it, and the Slack id behind the name. */
export interface TeamBoard {
  channel: string;
  channelId: string;
  team: string;
}

/** Which Slack channel is which team's board. Routing names channels; Slack calls need ids. */
export interface ChannelDirectory {
  /** The board that lives in a Slack channel; null when the channel has none. */
  boardOf(channelId: string): Promise<TeamBoard | null>;
  /** Channels (as routing names them) of the teams that a person belongs to; all of them for others. */
  channelsOf(userId: string): Promise<string[]>;
  /** The Slack id of a channel as routing names it; null when Slack knows no such channel. */
  resolve(channel: string): Promise<string | null>;
  /** Slack says that a channel is not there: asks which one bears its name now, at most every half minute. */
  lookAgain(): Promise<void>;
  /** The team behind a channel as routing names it. */
  teamOf(channel: string): Promise<string>;
}

export interface ChannelDirectoryOptions {
  db: Kysely<Database>;
  rulesets: Rulesets;
  clock: Clock;
  client: Pick<WebClient, 'conversations'>;
}

const SETTING = 'slack_channels';
/** The channels that routing has named: a name goes on meaning the same channel when that is renamed. */
const FOLLOWED = 'followed_channels';
const CHANNEL_ID = /^[CGD][A-Z0-9]{6,}$/;
/** An unknown name is asked for again after this time, so that a channel made later is found. */
const ASK_AGAIN_MS = 30_000;

/** Names and ids are kept in the database, so a restart while Slack is down knows them too. */
export function createChannelDirectory(options: ChannelDirectoryOptions): ChannelDirectory {
  const { db, rulesets, clock, client } = options;
  let known = new Map<string, string>();
  let followed = new Map<string, string>();
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;

  async function resolve(channel: string): Promise<string | null> {
    const name = channel.replace(/^#/, '');
    if (CHANNEL_ID.test(name)) return name;
    if (!followed.has(name)) {
      followed = new Map([...(await readStored(db, FOLLOWED)), ...followed]);
    }
    const id = followed.get(name);
    if (id !== undefined) return id;
    // Added, never replaced: Slack's answer to another caller may have come meanwhile.
    if (!known.has(name)) known = new Map([...(await readStored(db, SETTING)), ...known]);
    if (!known.has(name)) await askOnce();
    const found = known.get(name);
    if (found === undefined) return null;
    await follow(name, found);
    return found;
  }

  async function askOnce(): Promise<void> {
    if (asking === undefined && clock.now().getTime() - askedAt < ASK_AGAIN_MS) return;
    // Several boards are drawn at once after a start: one question for all of them.
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    await asking;
  }

  async function ask(): Promise<void> {
    known = await askSlack(client);
    const now = clock.now();
    await writeSetting(db, SETTING, Object.fromEntries(known), 'Slack', now);
    askedAt = now.getTime();
    const alive = new Set(known.values());
    for (const [name, id] of followed) {
      const bearer = known.get(name);
      // The channel of before is gone or archived, and another one has its name.
      if (!alive.has(id) && bearer !== undefined) await follow(name, bearer);
    }
  }

  async function follow(name: string, id: string): Promise<void> {
    if (followed.get(name) === id) return;
    await mergeSetting(db, FOLLOWED, { [name]: id }, 'Slack', clock.now());
    followed.set(name, id);
  }

  async function teams() {
    return (await rulesets.live()).teams;
  }

  return {
    resolve,
    lookAgain: askOnce,
    async boardOf(channelId) {
      for (const team of await teams()) {
        if ((await resolve(team.channel)) === channelId) {
          return { channel: team.channel, channelId, team: team.label ?? team.id };
        }
      }
      return null;
    },
    async channelsOf(userId) {
      const member = await db
        .selectFrom('members')
        .select('email')
        .where('slack_user_id', '=', userId)
        .executeTakeFirst();
      const all = await teams();
      const own = all.filter((team) => team.reps.some((rep) => rep.email === member?.email));
      return (own.length > 0 ? own : all).map((team) => team.channel);
    },
    async teamOf(channel) {
      const team = (await teams()).find((one) => one.channel === channel);
      return team?.label ?? team?.id ?? channel;
    },
  };
}

async function readStored(db: Kysely<Database>, key: string): Promise<Map<string, string>> {
  const stored = await readSetting(db, key);
  if (typeof stored !== 'object' || stored === null) return new Map();
  return new Map(
    Object.entries(stored).filter((entry): entry is [string, string] => {
      return typeof entry[1] === 'string';
    }),
  );
}

async function askSlack(client: Pick<WebClient, 'conversations'>): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  let cursor: string | undefined;
  do {
    const answer = await client.conversations.list({
      exclude_archived: true,
      limit: 200,
      types: 'public_channel,private_channel',
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const channel of answer.channels ?? []) {
      if (channel.name !== undefined && channel.id !== undefined)
        found.set(channel.name, channel.id);
    }
    cursor = answer.response_metadata?.next_cursor;
  } while (cursor);
  return found;
}
