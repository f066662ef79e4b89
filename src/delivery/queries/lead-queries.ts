import type { Kysely } from 'kysely';
import { parseShortId } from '../../lead/short-id.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/postgres/tables.ts';
import type { ChannelDirectory } from '../channel-directory.ts';
import type { LeadQueries } from '../ports.ts';
import { leadRowsByIds, rankedOpenLeads, readBoard } from './board-query.ts';
import { readHeld } from './held-query.ts';
import { leadRow, selectLeads } from './lead-rows.ts';
import { readReport } from './report-query.ts';
import { readHotLead, readWhy } from './why-query.ts';

const FIND_LIMIT = 5;
const DAY_MS = 86_400_000;

export interface LeadQueriesOptions {
  db: Kysely<Database>;
  clock: Clock;
  directory: ChannelDirectory;
  crmUrl(crmId: string | null): string | null;
}

export function createLeadQueries(options: LeadQueriesOptions): LeadQueries {
  const { db, clock, directory, crmUrl } = options;

  async function next(userId: string) {
    for (const channel of await directory.channelsOf(userId)) {
      const ranked = await rankedOpenLeads(db, channel, clock.now());
      const mine = ranked.find((lead) => lead.rep === userId || lead.rep === null);
      if (mine) return (await leadRowsByIds(db, [mine.id], crmUrl))[0] ?? null;
    }
    return null;
  }

  return {
    async board(channelId) {
      const board = await directory.boardOf(channelId);
      if (!board) return null;
      const read = await readBoard(db, { ...board, revision: 0 }, clock.now(), crmUrl);
      return read.view;
    },
    async hotLead(leadId) {
      return (await readHotLead(db, leadId, crmUrl))?.view ?? null;
    },
    why: (leadId) => readWhy(db, leadId, crmUrl),
    async queue(userId) {
      const accepted = await selectLeads(db)
        .where('leads.accepted_by', '=', userId)
        .where('leads.state', 'in', ['accepted', 'contacted'])
        .orderBy('leads.accepted_at', 'desc')
        .limit(20)
        .execute();
      const mine: string[] = [];
      for (const channel of await directory.channelsOf(userId)) {
        const ranked = await rankedOpenLeads(db, channel, clock.now());
        mine.push(...ranked.filter((lead) => lead.rep === userId).map((lead) => lead.id));
      }
      return {
        userId,
        mine: await leadRowsByIds(db, mine.slice(0, 20), crmUrl),
        accepted: accepted.map((row) => leadRow(row, crmUrl)),
      };
    },
    next,
    async find(text) {
      const shortId = parseShortId(text);
      if (shortId !== null) {
        const row = await selectLeads(db).where('leads.short_id', '=', shortId).executeTakeFirst();
        if (row) return [leadRow(row, crmUrl)];
      }
      return findByText(text);
    },
    held: () => readHeld(db),
    report(days) {
      const to = clock.now();
      return readReport(db, new Date(to.getTime() - days * DAY_MS), to);
    },
  };

  async function findByText(text: string) {
    const words = text.trim();
    if (words.length < 2) return [];
    const pattern = `%${words.replaceAll(/[\\%_]/g, (mark) => `\\${mark}`)}%`;
    const rows = await selectLeads(db)
      .where((eb) => {
        const name = eb.fn<string>('concat_ws', [
          eb.val(' '),
          eb.ref('leads.profile', '->>').key('firstName'),
          eb.ref('leads.profile', '->>').key('lastName'),
          eb.ref('leads.profile', '->>').key('company'),
          eb.ref('leads.profile', '->>').key('email'),
        ]);
        return eb(name, 'ilike', pattern);
      })
      .orderBy('leads.received_at', 'desc')
      .limit(FIND_LIMIT)
      .execute();
    return rows.map((row) => leadRow(row, crmUrl));
  }
}
