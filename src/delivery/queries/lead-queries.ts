import type { Kysely } from 'kysely';
import { parseShortId } from '../../lead/short-id.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/postgres/tables.ts';
import type { Rulesets } from '../../records/rulesets.ts';
import type { ChannelDirectory } from '../channel-directory.ts';
import type { LeadQueries } from '../ports.ts';
import type { FoundLeads } from '../views.ts';
import { leadRowsByIds, readBoard } from './board-query.ts';
import { findHeld, readHeld } from './held-query.ts';
import { leadRow, selectLeads } from './lead-rows.ts';
import { matchesWords } from './match-words.ts';
import { readPlace } from './place-query.ts';
import { readNext, readQueue } from './queue-query.ts';
import { readReport } from './report-query.ts';
import { readRuleActivity } from './rule-query.ts';
import { readUncalled } from './uncalled-query.ts';
import { readHotLead, readWhy } from './why-query.ts';

const FIND_LIMIT = 5;
const DAY_MS = 86_400_000;

export interface LeadQueriesOptions {
  db: Kysely<Database>;
  rulesets: Pick<Rulesets, 'compiled'>;
  clock: Clock;
  directory: ChannelDirectory;
  crmUrl(crmId: string | null): string | null;
}

export function createLeadQueries(options: LeadQueriesOptions): LeadQueries {
  const { db, clock, directory, crmUrl } = options;

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
    why: (leadId) => readWhy(options, leadId),
    lead: async (leadId) => (await leadRowsByIds(db, [leadId], crmUrl))[0] ?? null,
    place: (leadId) => readPlace(db, leadId, clock.now()),
    queue: (userId) => readQueue(db, { userId }, clock.now(), crmUrl),
    uncalled: (userId) => readUncalled(db, userId),
    async next(userId) {
      const channels = await directory.channelsOf(userId);
      return readNext(db, { userId, channels }, clock.now(), crmUrl);
    },
    async find(text) {
      const shortId = parseShortId(text);
      if (shortId !== null) {
        const row = await selectLeads(db).where('leads.short_id', '=', shortId).executeTakeFirst();
        if (row) return { leads: [leadRow(row, crmUrl)], more: false };
      }
      return findByText(text);
    },
    findHeld: (text) => findHeld(db, text),
    held: () => readHeld(db),
    report(days) {
      const to = clock.now();
      return readReport(db, new Date(to.getTime() - days * DAY_MS), to);
    },
    ruleActivity: (ruleId) => readRuleActivity(db, ruleId, clock.now()),
  };

  async function findByText(text: string): Promise<FoundLeads> {
    const words = matchesWords(text);
    if (words === null) return { leads: [], more: false };
    const rows = await selectLeads(db)
      .where(words)
      .orderBy('leads.received_at', 'desc')
      .limit(FIND_LIMIT + 1)
      .execute();
    const leads = rows.slice(0, FIND_LIMIT).map((row) => leadRow(row, crmUrl));
    return { leads, more: rows.length > FIND_LIMIT };
  }
}
