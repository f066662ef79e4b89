import { type Kysely, sql } from 'kysely';
import type { Database } from '../platform/postgres/tables.ts';
import type { KnownWrite } from './plan-crm-write.ts';

export async function readKnownWrites(
  db: Kysely<Database>,
  leadIds: readonly string[],
): Promise<Map<string, KnownWrite>> {
  if (leadIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('crm_writes')
    .selectAll()
    .where('lead_id', 'in', [...leadIds])
    .execute();
  return new Map(
    rows.map((row) => [
      row.lead_id,
      {
        contentHash: row.content_hash,
        ownerBefore: row.owner_before,
        ownerWritten: row.owner_written,
        statusBefore: row.status_before,
        statusWritten: row.status_written,
      },
    ]),
  );
}

/** Before a call that changes owner or status: what stood there before us, and what may stand there from now on. */
export async function recordIntent(
  db: Kysely<Database>,
  leadId: string,
  intent: KnownWrite,
): Promise<void> {
  const values = {
    content_hash: null,
    owner_before: intent.ownerBefore,
    owner_written: intent.ownerWritten,
    status_before: intent.statusBefore,
    status_written: intent.statusWritten,
  };
  await db
    .insertInto('crm_writes')
    .values({ lead_id: leadId, ...values })
    .onConflict((conflict) => conflict.column('lead_id').doUpdateSet(values))
    .execute();
}

export interface ConfirmedWrite {
  leadId: string;
  crmId: string | null;
  after: KnownWrite;
  now: Date;
}

export async function recordWrite(db: Kysely<Database>, write: ConfirmedWrite): Promise<void> {
  const { after, leadId, crmId } = write;
  const values = {
    crm_id: crmId,
    content_hash: after.contentHash,
    written_at: write.now,
    owner_before: after.ownerBefore,
    owner_written: after.ownerWritten,
    status_before: after.statusBefore,
    status_written: after.statusWritten,
  };
  await db
    .insertInto('crm_writes')
    .values({ lead_id: leadId, ...values })
    .onConflict((conflict) => conflict.column('lead_id').doUpdateSet(values))
    .execute();
  if (crmId !== null) await adoptCrmId(db, leadId, crmId);
}

/** False when another lead of ours has that record already. */
export async function adoptCrmId(
  db: Kysely<Database>,
  leadId: string,
  crmId: string,
): Promise<boolean> {
  const { rows } = await sql`
    update leads set crm_id = ${crmId}
    where id = ${leadId} and (crm_id is null or crm_id = ${crmId})
      and not exists (select 1 from leads as other where other.crm_id = ${crmId} and other.id <> ${leadId})
    returning id
  `.execute(db);
  return rows.length === 1;
}
