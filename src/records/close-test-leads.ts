import type { Transaction } from 'kysely';
import { TEST_LEAD_SOURCE } from '../lead/test-lead.ts';
import type { Database } from '../platform/postgres/tables.ts';
import { type Cause, oweBoardsOfLeads, oweHotLeadRefreshes } from './effects.ts';

/** Test leads to close: one, or all that came before a moment. */
export type WhichTestLeads = { leadId: string } | { receivedBefore: Date };

/** Takes test leads off every surface. Returns their short ids. */
export async function closeTestLeads(
  tx: Transaction<Database>,
  which: WhichTestLeads,
  cause: Cause,
): Promise<string[]> {
  const closed = await tx
    .updateTable('leads')
    .set({
      ...{ state: 'closed', closed_reason: 'test_lead', held_reason: null, held_detail: null },
      ...{ score_due_at: null, rescore_at: null, updated_at: cause.now },
    })
    .where('source', '=', TEST_LEAD_SOURCE)
    .where('state', '<>', 'closed')
    .where((eb) =>
      'leadId' in which
        ? eb('id', '=', which.leadId)
        : eb('received_at', '<', which.receivedBefore),
    )
    .returning(['id', 'short_id'])
    .execute();
  const ids = closed.map(({ id }) => id);
  await oweHotLeadRefreshes(tx, ids, cause);
  await oweBoardsOfLeads(tx, ids, 'decision', cause);
  return closed.map((lead) => lead.short_id);
}
