import { type Kysely, sql, type Transaction } from 'kysely';
import { type EffectPayload, enqueueEffects, PRIORITY } from '../platform/outbox.ts';
import { inTransaction } from '../platform/postgres/database.ts';
import type { Database, StoredLead } from '../platform/postgres/tables.ts';
import { withdrawDigests } from './digests.ts';
import { oweBoard, oweHotLeadRefresh } from './effects.ts';
import { identityKeyOf } from './leads.ts';
import { lockIdentities } from './lock-identities.ts';
import { identityPepper } from './settings.ts';

type Tx = Transaction<Database>;

/** Whose data: by address, with everything that came under it, or by one lead. */
export type ErasedPerson = { email: string } | { shortId: string };

export interface FoundPerson {
  /** Null for a lead without an address. */
  email: string | null;
  leads: { id: string; shortId: string; crmId: string | null }[];
  /** Webhook items that became no lead of theirs but hold the address. */
  strayItems: number;
}

/** What was done, in numbers: nothing in it says who it was. */
export interface Erasure {
  leads: number;
  webhookItems: number;
  /** Texts of others in which the address stood. */
  mentions: number;
  notes: number;
  signals: number;
  /** Messages in Slack that will be drawn again. */
  redraws: number;
}

/** `busy`: something of theirs is being sent to the CRM at this moment. */
export type ErasureResult = { kind: 'erased'; erasure: Erasure } | { kind: 'busy' };

const ERASED = '[erased]';

export async function findPerson(db: Kysely<Database>, person: ErasedPerson): Promise<FoundPerson> {
  const email = 'email' in person ? person.email : await emailOf(db, person.shortId);
  const key = email === null ? null : await keyOf(db, email, new Date());
  const { rows: leads } = await sql<FoundPerson['leads'][number]>`
    select id, short_id as "shortId", crm_id as "crmId" from leads
    where short_id = ${'shortId' in person ? person.shortId : null}
      or identity_key = ${key} or lower(profile ->> 'email') = ${email}
    order by id
  `.execute(db);
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from inbound_events
    where lead_id is null and ${holds('raw_body', email)}
  `.execute(db);
  return { email, leads, strayItems: rows[0]?.count ?? 0 };
}

async function emailOf(db: Kysely<Database>, shortId: string): Promise<string | null> {
  const { rows } = await sql<{ email: string | null }>`
    select lower(profile ->> 'email') as email from leads where short_id = ${shortId}
  `.execute(db);
  return rows[0]?.email ?? null;
}

async function keyOf(db: Kysely<Database>, email: string, now: Date): Promise<string | null> {
  return identityKeyOf({ email }, '', await identityPepper(db, now));
}

function holds(column: string, email: string | null) {
  return sql<boolean>`position(${email}::text in lower(${sql.ref(column)}::text)) > 0`;
}

/**
 * Takes a person out of every table. The ledger stays, without a person in it: assessments, assignments and
 * decisions hold none. What Slack shows is owed anew, without them.
 */
export async function erasePerson(
  db: Kysely<Database>,
  person: ErasedPerson,
  now: Date,
): Promise<ErasureResult> {
  return inTransaction(db, async (tx): Promise<ErasureResult> => {
    const { email: known } = await findPerson(tx, person);
    // Items first, then the identity: the order of whoever reads them, so that neither waits for the other.
    await sql`select id from inbound_events where state = 'received' and ${holds('raw_body', known)}
      order by id for update`.execute(tx);
    const emailKey = known === null ? null : await keyOf(tx, known, now);
    await lockIdentities(tx, [{ emailKey, recordKey: null, crmId: null }]);
    const { leads, email } = await findPerson(tx, person);
    const ids = leads.map(({ id }) => id);
    await sql`select id from leads where id = any(${ids}::uuid[]) order by id for update`.execute(
      tx,
    );
    if (await isBeingWritten(tx, ids)) return { kind: 'busy' };
    const names = await namesOf(tx, ids);
    const redraws = await oweRedraws(tx, ids, now);
    const erasure: Erasure = {
      leads: ids.length,
      notes: await eraseNotes(tx, ids),
      webhookItems: await eraseItems(tx, ids, email, now),
      signals: await eraseSignals(tx, leads, emailKey),
      redraws,
      mentions: 0,
    };
    await eraseTouches(tx, ids, [...names, ...(email === null ? [] : [email])]);
    await eraseLeads(tx, ids, now);
    erasure.mentions = email === null ? 0 : await eraseMentions(tx, email);
    await tx
      .insertInto('audit_log')
      .values({
        at: now,
        actor: 'operator',
        action: 'person.erased',
        subject: leads.map(({ shortId }) => shortId).join(', ') || 'no lead',
        detail: JSON.stringify(erasure),
      })
      .execute();
    return { kind: 'erased', erasure };
  });
}

/** Whatever is on its way to the CRM would come back with its answer. */
async function isBeingWritten(tx: Tx, ids: readonly string[]): Promise<boolean> {
  const keys = ids.map((id) => `crm:${id}`);
  const { rows } = await sql<{ state: string }>`
    select state from outbox where key = any(${keys}::text[]) order by key for update
  `.execute(tx);
  if (rows.some(({ state }) => state === 'sending')) return true;
  await sql`update outbox set state = 'done', last_error = null, unknown_since = null
    where key = any(${keys}::text[])`.execute(tx);
  await sql`delete from crm_writes where lead_id = any(${[...ids]}::uuid[])`.execute(tx);
  return false;
}

/** Boards that may show them, and their own messages, decisions first. */
async function oweRedraws(tx: Tx, ids: readonly string[], now: Date): Promise<number> {
  const cause = { traceId: 'erasure', now };
  const { rows } = await sql<{ key: string }>`
    update outbox set last_error = null
    where key = any(${ids.map((id) => `hot:${id}`)}::text[]) or key in (
      select 'board:' || channel_id from assignments where lead_id = any(${[...ids]}::uuid[]))
    returning key
  `.execute(tx);
  for (const id of ids) await oweHotLeadRefresh(tx, id, cause);
  const notices = await oweNotices(tx, ids, now);
  for (const { key } of rows) {
    if (key.startsWith('board:')) await oweBoard(tx, key.slice('board:'.length), 'decision', cause);
  }
  const digests = await withdrawDigests(tx, ids, now);
  return rows.length + notices + digests;
}

/** Direct messages that name them. */
async function oweNotices(tx: Tx, ids: readonly string[], now: Date): Promise<number> {
  const { rows } = await sql<{ key: string; payload: EffectPayload }>`
    select key, payload from outbox
    where kind = 'slack.notice' and payload ->> 'leadId' = any(${[...ids]}::text[])
  `.execute(tx);
  const priority = PRIORITY.decision;
  const owed = { lane: 'slack', kind: 'slack.notice', dueAt: now, priority, now } as const;
  await enqueueEffects(
    tx,
    rows.map((row) => ({ ...row, ...owed, traceId: 'erasure' })),
  );
  return rows.length;
}

async function eraseNotes(tx: Tx, ids: readonly string[]): Promise<number> {
  const { rows } = await sql`
    delete from decision_notes using decisions
    where decision_notes.decision_id = decisions.id and decisions.lead_id = any(${[...ids]}::uuid[])
    returning decision_id
  `.execute(tx);
  return rows.length;
}

/** Their items, and those that nobody has understood yet; the sender's id may be an address as well. */
async function eraseItems(
  tx: Tx,
  ids: readonly string[],
  email: string | null,
  now: Date,
): Promise<number> {
  const { rows } = await sql`
    update inbound_events set raw_body = '{}', held_detail = null, held_reason = null,
      dedupe_key = case when ${holds('dedupe_key', email)} then 'erased-' || id else dedupe_key end,
      result = case when state = 'processed' then result else 'dismissed' end,
      processed_at = coalesce(processed_at, ${now}), state = 'processed'
    where lead_id = any(${[...ids]}::uuid[])
      or (lead_id is null and ${holds('raw_body', email)})
      or id in (select inbound_event_id from signals where lead_id = any(${[...ids]}::uuid[]))
    returning id
  `.execute(tx);
  return rows.length;
}

/** What somebody did stays as a count; whose it was goes. */
async function eraseSignals(
  tx: Tx,
  leads: FoundPerson['leads'],
  emailKey: string | null,
): Promise<number> {
  const ids = leads.map(({ id }) => id);
  const crmIds = leads.flatMap(({ crmId }) => crmId ?? []);
  const { rows } = await sql`
    update signals set identity_key = null, record_key = null, crm_id = null
    where lead_id = any(${ids}::uuid[]) or identity_key = ${emailKey}
      or crm_id = any(${crmIds}::text[])
    returning id
  `.execute(tx);
  return rows.length;
}

/** Names, number and address of the leads as they stand, in small letters. */
async function namesOf(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ profile: StoredLead }>`
    select profile from leads where id = any(${[...ids]}::uuid[])
  `.execute(tx);
  return rows
    .flatMap(({ profile }) => [profile.firstName, profile.lastName, profile.phone, profile.email])
    .flatMap((name) => (name === null || name.length < 2 ? [] : [name.toLowerCase()]));
}

/** Where a lead came from stays, unless somebody wrote the person into it. */
async function eraseTouches(tx: Tx, ids: readonly string[], names: string[]): Promise<void> {
  await sql`update lead_touches set record_key = null where lead_id = any(${[...ids]}::uuid[])`.execute(
    tx,
  );
  for (const column of ['lead_source', 'campaign'] as const) {
    await sql`
      update lead_touches set ${sql.ref(column)} = null
      where lead_id = any(${[...ids]}::uuid[]) and exists (
        select 1 from unnest(${names}::text[]) as name
        where position(name in lower(${sql.ref(column)})) > 0)
    `.execute(tx);
  }
}

async function eraseLeads(tx: Tx, ids: readonly string[], now: Date): Promise<void> {
  const { rows } = await sql<{ company: string }>`
    update leads set state = 'closed', closed_reason = 'erased', held_reason = null, held_detail = null,
      score_due_at = null, snoozed_until = null, identity_key = null, crm_id = null, company_id = null,
      external_id = 'erased-' || leads.id, updated_at = ${now},
      profile = ${JSON.stringify(NOBODY)}::jsonb || jsonb_build_object(
        'source', leads.source, 'externalId', 'erased-' || leads.id, 'createdAt', leads.received_at)
    from leads as before
    where before.id = leads.id and leads.id = any(${[...ids]}::uuid[])
    returning before.company_id as company
  `.execute(tx);
  // The name of a company is a person's when nobody else is of it.
  await sql`
    delete from companies where id = any(${rows.map(({ company }) => company)}::uuid[])
      and not exists (select 1 from leads where leads.company_id = companies.id)
  `.execute(tx);
}

const NOBODY = {
  crmId: null,
  firstName: null,
  lastName: null,
  email: null,
  emailKind: null,
  emailDomain: null,
  phone: null,
  title: null,
  seniority: null,
  jobFunction: null,
  company: null,
  companyDomain: null,
  country: null,
  industry: null,
  employees: null,
  annualRevenue: null,
  message: null,
  topics: null,
  leadSource: null,
  campaign: null,
  optedOut: null,
  ownerCrmId: null,
  status: null,
  custom: {},
  quality: [],
} satisfies Omit<StoredLead, 'source' | 'externalId' | 'createdAt'>;

/** What others wrote may name the address: that word alone is taken out. */
async function eraseMentions(tx: Tx, email: string): Promise<number> {
  const pattern = email.replace(/[^a-z0-9]/g, (character) => `\\${character}`);
  const without = (column: string) =>
    sql`regexp_replace(${sql.ref(column)}::text, ${pattern}, ${ERASED}, 'gi')`;
  const counts = await Promise.all([
    sql`update inbound_events set raw_body = ${without('raw_body')}
      where ${holds('raw_body', email)} returning 1`.execute(tx),
    sql`update leads set profile = ${without('profile')}::jsonb
      where ${holds('profile', email)} returning 1`.execute(tx),
    sql`update decision_notes set note = ${without('note')}
      where ${holds('note', email)} returning 1`.execute(tx),
  ]);
  return counts.reduce((sum, { rows }) => sum + rows.length, 0);
}
