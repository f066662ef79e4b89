import { afterAll, beforeAll, describe } from 'vitest';
import type { NewInboundEvent } from '../../src/intake/inbox.ts';
import { createPostgresInbox } from '../../src/intake/postgres-inbox.ts';
import { HELD_REASONS } from '../../src/lead/held-reason.ts';
import { inboxContract } from '../contracts/inbox-contract.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});

describe('the inbox on Postgres', () => {
  inboxContract(async () => {
    await database.db.deleteFrom('inbound_events').execute();
    return { inbox: createPostgresInbox(database.db), stored };
  });
});

async function stored(): Promise<NewInboundEvent[]> {
  const rows = await database.db.selectFrom('inbound_events').selectAll().execute();
  return rows.map((row) => {
    const reason = HELD_REASONS.find((known) => known === row.held_reason);
    return {
      kind: row.kind,
      source: row.source,
      dedupeKey: row.dedupe_key,
      rawBody: row.raw_body,
      receivedAt: row.received_at,
      traceId: row.trace_id,
      ...(reason === undefined ? {} : { held: { reason, detail: row.held_detail ?? '' } }),
    };
  });
}
