-- Claims of the outbox and what the CRM holds of us.

-- A claim's fencing token: a process that was frozen past its lease can no longer settle the row.
alter table outbox add column claim_id uuid;
-- Start of the oldest attempt whose outcome nobody knows: it is looked up before anything is sent again.
alter table outbox add column unknown_since timestamptz;
create index outbox_failed on outbox (lane, due_at) where state = 'failed';

-- The last confirmed write of each lead, and what stood in owner and status before we changed them.
create table crm_writes (
  lead_id uuid primary key references leads (id),
  crm_id text,
  -- Null until the first write is confirmed.
  content_hash text,
  written_at timestamptz,
  owner_before text,
  owner_written text,
  status_before text,
  status_written text
);
-- The hot leads that one summary stands for.
create index outbox_summary on outbox ((payload ->> 'summaryKey')) where payload ? 'summaryKey';
