import { type Kysely, sql } from 'kysely';
import type { Database } from '../../../platform/postgres/tables.ts';
import type { TeamSource } from '../../../scoring/rule-files.ts';
import type { ChannelChecks } from '../../channel-checks.ts';
import type { SetupStep } from '../../home/home-views.ts';
import { readPeople } from './people.ts';

export interface SetupSources {
  db: Kysely<Database>;
  /** Sources of leads that the configuration names. */
  sourceCount: number;
  /** Is a CRM configured? */
  hasCrm: boolean;
  channels: ChannelChecks;
}

/** Each step against what is there: an answer of Slack's or the CRM's, not what somebody once said. */
export async function readSetup(
  { db, sourceCount, hasCrm, channels }: SetupSources,
  teams: readonly TeamSource[],
): Promise<SetupStep[]> {
  const named = [...new Set(teams.map(({ channel }) => channel.replace(/^#/, '')))];
  const [standings, people, seen] = await Promise.all([
    Promise.all(named.map((channel) => channels.check(channel))),
    readPeople(db, teams, hasCrm),
    readSeen(db),
  ]);
  const missing = standings.flatMap(({ isMember, isArchived, name }, index) =>
    isMember && !isArchived ? [] : `#${name ?? named[index]}`,
  );
  return [
    { id: 'channels', isDone: missing.length === 0, missing },
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
