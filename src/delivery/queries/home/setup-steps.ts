import { type Kysely, sql } from 'kysely';
import type { Database } from '../../../platform/postgres/tables.ts';
import type { TeamSource } from '../../../scoring/rule-files.ts';
import type { SetupStep } from '../../home/home-views.ts';
import { readPeople } from './people.ts';

export interface SetupSources {
  db: Kysely<Database>;
  /** Sources of leads that the configuration names. */
  sourceCount: number;
  /** Is a CRM configured? */
  hasCrm: boolean;
  /** Is the bot in the channel that routing names? */
  isInChannel(channel: string): Promise<boolean>;
}

/** Each step against what is there: an answer of Slack's or the CRM's, not what somebody once said. */
export async function readSetup(
  { db, sourceCount, hasCrm, isInChannel }: SetupSources,
  teams: readonly TeamSource[],
): Promise<SetupStep[]> {
  const channels = [...new Set(teams.map(({ channel }) => channel.replace(/^#/, '')))];
  const [present, people, seen] = await Promise.all([
    Promise.all(channels.map(isInChannel)),
    readPeople(db, teams, hasCrm),
    readSeen(db),
  ]);
  const noBoard = channels.filter((_, index) => present[index] !== true);
  return [
    { id: 'channels', isDone: noBoard.length === 0, missing: noBoard.map((name) => `#${name}`) },
    { id: 'reps', isDone: people.notInSlack.length === 0, missing: people.notInSlack },
    { id: 'sources', isDone: sourceCount > 0, missing: [] },
    { id: 'crm', isDone: hasCrm && seen.crm, missing: [] },
    { id: 'first_lead', isDone: seen.lead, missing: [] },
  ];
}

/** Whether a lead was ever there, and whether the CRM ever answered. */
async function readSeen(db: Kysely<Database>): Promise<{ lead: boolean; crm: boolean }> {
  const { rows } = await sql<{ lead: boolean; crm: boolean }>`
    select exists (select 1 from leads) as lead,
      exists (select 1 from members where crm_user_id is not null)
        or exists (select 1 from crm_writes where written_at is not null) as crm
  `.execute(db);
  return rows[0] ?? { lead: false, crm: false };
}
