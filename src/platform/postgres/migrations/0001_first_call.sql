-- The record. Evidence tables are append-only: a trigger refuses update, delete and truncate.
-- Personal data (names, e-mail, phone, free text) lives in inbound_events.raw_body, leads and
-- decision_notes only, so that an erasure leaves the ledger standing.

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: write a new row instead', tg_table_name
    using errcode = 'restrict_violation';
end;
$$;

-- The inbox: committed before a webhook is acknowledged.
create table inbound_events (
  id uuid primary key default uuidv7(),
  kind text not null check (kind in ('lead', 'signal')),
  source text not null,
  dedupe_key text not null,
  raw_body text not null,
  trace_id text not null,
  received_at timestamptz not null,
  state text not null check (state in ('received', 'processed', 'held')),
  held_reason text,
  held_detail text,
  -- What became of it: a new lead, a touch of a known lead, or (signals) attached or waiting.
  result text check (result in ('created', 'merged', 'attached', 'waiting', 'dismissed')),
  lead_id uuid,
  processed_at timestamptz,
  attempts integer not null default 0,
  constraint inbound_events_dedupe unique (source, dedupe_key),
  constraint held_has_a_reason check ((state = 'held') = (held_reason is not null)),
  constraint processed_has_a_result check ((state = 'processed') = (result is not null))
);
create index inbound_events_open on inbound_events (received_at) where state <> 'processed';
create index inbound_events_lead on inbound_events (lead_id);

create table companies (
  id uuid primary key default uuidv7(),
  domain text not null unique,
  name text,
  industry text,
  employees bigint,
  annual_revenue double precision,
  updated_at timestamptz not null
);

-- People in the workspace: the link between a Slack user and a CRM user is the e-mail address.
create table members (
  slack_user_id text primary key,
  email text,
  display_name text not null,
  role text not null check (role in ('rep', 'manager', 'admin')),
  crm_user_id text,
  time_zone text,
  updated_at timestamptz not null
);
create unique index members_email on members (lower(email));

create table rulesets (
  version integer primary key,
  hash text not null,
  files jsonb not null,
  status text not null check (status in ('draft', 'shadow', 'live', 'archived')),
  parent_version integer references rulesets (version),
  author text not null,
  approver text,
  note text not null,
  created_at timestamptz not null,
  published_at timestamptz
);
create unique index rulesets_one_live on rulesets (status) where status = 'live';

create function refuse_ruleset_rewrite() returns trigger language plpgsql as $$
begin
  if new.version <> old.version or new.hash <> old.hash or new.files <> old.files
     or new.author <> old.author or new.created_at <> old.created_at then
    raise exception 'a ruleset version never changes: publish a new one'
      using errcode = 'restrict_violation';
  end if;
  return new;
end;
$$;
create trigger rulesets_immutable before update on rulesets
  for each row execute function refuse_ruleset_rewrite();
create trigger rulesets_kept before delete or truncate on rulesets
  for each statement execute function refuse_change();

create table leads (
  id uuid primary key default uuidv7(),
  short_id text not null unique,
  source text not null,
  external_id text not null,
  crm_id text,
  company_id uuid references companies (id),
  -- HMAC of the normalised e-mail: lets signals find their lead without holding the address.
  identity_key text,
  -- The cleaned lead (src/lead/lead.ts), personal fields included.
  profile jsonb not null,
  state text not null check (state in ('held', 'open', 'accepted', 'contacted', 'snoozed', 'closed')),
  held_reason text,
  held_detail text,
  received_at timestamptz not null,
  updated_at timestamptz not null,
  assessment_id uuid,
  assignment_id uuid,
  -- What a person said it should be; rescoring goes on beneath.
  override_tier text check (override_tier in ('A', 'B', 'C', 'D')),
  accepted_by text references members (slack_user_id),
  accepted_at timestamptz,
  first_touch_at timestamptz,
  snoozed_until timestamptz,
  closed_reason text,
  -- Set when something changed that the score may depend on; cleared by scoring.
  score_due_at timestamptz,
  -- Bulk imports never ping.
  quiet boolean not null default false,
  -- Failed tries to score it in a row; too many hold the lead where people see it.
  score_attempts integer not null default 0,
  trace_id text not null,
  constraint held_lead_has_a_reason check ((state = 'held') = (held_reason is not null))
);
create unique index leads_crm_id on leads (crm_id);
create unique index leads_identity on leads (identity_key);
create unique index leads_source_external on leads (source, external_id);
create index leads_open on leads (state, received_at) where state in ('open', 'held', 'snoozed');
create index leads_score_due on leads (score_due_at) where score_due_at is not null;
create index leads_accepted_by on leads (accepted_by) where state in ('accepted', 'contacted');

alter table inbound_events add foreign key (lead_id) references leads (id);

-- Every source touch, so that merging duplicates never destroys attribution.
create table lead_touches (
  id uuid primary key default uuidv7(),
  lead_id uuid not null references leads (id),
  inbound_event_id uuid not null unique references inbound_events (id),
  source text not null,
  lead_source text,
  campaign text,
  changed_fields text[] not null,
  occurred_at timestamptz not null,
  received_at timestamptz not null
);
create index lead_touches_lead on lead_touches (lead_id);

-- Behaviour and product usage. One that precedes its lead waits (lead_id null) and attaches later.
create table signals (
  id uuid primary key default uuidv7(),
  inbound_event_id uuid not null unique references inbound_events (id),
  source text not null,
  kind text not null,
  identity_key text,
  crm_id text,
  lead_id uuid references leads (id),
  occurred_at timestamptz not null,
  received_at timestamptz not null
);
create index signals_lead on signals (lead_id, occurred_at);
create index signals_waiting on signals (identity_key) where lead_id is null;
create index signals_waiting_crm on signals (crm_id) where lead_id is null;

-- Immutable: what the engine said, with all that it could read.
create table assessments (
  id uuid primary key default uuidv7(),
  lead_id uuid not null references leads (id),
  ruleset_version integer not null references rulesets (version),
  ruleset_hash text not null,
  engine_version text not null,
  scored_at timestamptz not null,
  points integer not null,
  fit_points integer not null,
  intent_points integer not null,
  range_min integer not null,
  range_max integer not null,
  range_approximate boolean not null,
  tier text not null check (tier in ('A', 'B', 'C', 'D')),
  disqualified_code text,
  -- The whole assessment (src/scoring/assessment.ts) and the snapshot it was computed from.
  detail jsonb not null,
  features jsonb not null,
  -- Equal to the previous assessment's when nothing that people see changed: then none is written.
  result_hash text not null,
  trace_id text not null
);
create index assessments_lead on assessments (lead_id, scored_at);
create index assessments_scored on assessments (scored_at);
create trigger assessments_append_only before update or delete or truncate on assessments
  for each statement execute function refuse_change();

create table assignments (
  id uuid primary key default uuidv7(),
  lead_id uuid not null references leads (id),
  team text not null,
  channel_id text not null,
  rep_user_id text references members (slack_user_id),
  routing_rule text not null,
  because text not null,
  sla_due_at timestamptz,
  assigned_at timestamptz not null,
  assigned_by text not null
);
create index assignments_lead on assignments (lead_id, assigned_at);
create index assignments_rep on assignments (rep_user_id, assigned_at);
create trigger assignments_append_only before update or delete or truncate on assignments
  for each statement execute function refuse_change();

alter table leads add foreign key (assessment_id) references assessments (id);
alter table leads add foreign key (assignment_id) references assignments (id);
create index leads_assignment on leads (assignment_id) where state = 'open';

-- The ledger.
create table decisions (
  id uuid primary key default uuidv7(),
  lead_id uuid not null references leads (id),
  assessment_id uuid references assessments (id),
  ruleset_version integer references rulesets (version),
  kind text not null check (kind in (
    'accepted', 'overridden', 'snoozed', 'disqualified', 'reassigned', 'handed_over', 'released', 'undone'
  )),
  actor text not null references members (slack_user_id),
  surface text not null,
  from_tier text,
  to_tier text,
  reason_code text,
  blamed_rules text[] not null default '{}',
  worked text check (worked in ('no', 'tried', 'reached')),
  to_member text references members (slack_user_id),
  snoozed_until timestamptz,
  undoes uuid unique references decisions (id),
  -- From the lead's first confirmed delivery to the decision; null when it was decided before delivery.
  latency_ms bigint,
  idempotency_key text not null unique,
  decided_at timestamptz not null,
  trace_id text not null,
  constraint undone_names_its_decision check ((kind = 'undone') = (undoes is not null))
);
create index decisions_lead on decisions (lead_id, decided_at);
create index decisions_time on decisions (decided_at);
create trigger decisions_append_only before update or delete or truncate on decisions
  for each statement execute function refuse_change();

-- The free text of a decision: personal, so erasable.
create table decision_notes (
  decision_id uuid primary key references decisions (id),
  note text not null,
  created_at timestamptz not null
);

create table outcomes (
  id uuid primary key default uuidv7(),
  lead_id uuid not null references leads (id),
  kind text not null check (kind in ('contacted', 'converted', 'won', 'lost', 'disqualified')),
  source text not null,
  dedupe_key text not null,
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  constraint outcomes_dedupe unique (source, dedupe_key)
);
create index outcomes_lead on outcomes (lead_id);

-- Effects owed to Slack or the CRM, ids only; rendered when sent. One row per thing to keep up to date:
-- asking again raises wanted_revision, sending records sent_revision, so the newest state wins.
create table outbox (
  id uuid primary key default uuidv7(),
  key text not null unique,
  lane text not null check (lane in ('slack', 'crm')),
  kind text not null,
  payload jsonb not null,
  state text not null check (state in ('due', 'sending', 'done', 'unknown', 'failed')),
  wanted_revision bigint not null default 1,
  sent_revision bigint not null default 0,
  due_at timestamptz not null,
  -- Decisions (0) go before hot leads (1) before ordinary refreshes (2).
  priority integer not null default 2,
  attempts integer not null default 0,
  attempted_at timestamptz,
  last_error text,
  trace_id text not null,
  created_at timestamptz not null,
  done_at timestamptz
);
create index outbox_due on outbox (lane, priority, due_at) where state in ('due', 'unknown');
create index outbox_sending on outbox (attempted_at) where state = 'sending';

create table slack_messages (
  id uuid primary key default uuidv7(),
  purpose text not null check (purpose in ('board', 'hot', 'summary', 'notice')),
  -- What it is about: the channel for a board, the lead for a hot message.
  subject text not null,
  channel_id text not null,
  ts text not null,
  content_hash text not null,
  revision bigint not null,
  posted_at timestamptz not null,
  updated_at timestamptz not null,
  constraint slack_messages_subject unique (purpose, subject),
  constraint slack_messages_ts unique (channel_id, ts)
);

-- A lead is delivered when Slack confirmed a board revision that ranks its assessment.
create table deliveries (
  lead_id uuid not null references leads (id),
  assessment_id uuid not null references assessments (id),
  surface text not null check (surface in ('board', 'hot')),
  channel_id text not null,
  revision bigint not null,
  confirmed_at timestamptz not null,
  primary key (lead_id, surface, assessment_id)
);

-- One budget for all processes: when each rate-limited Slack method was called.
create table slack_calls (
  id bigint generated always as identity primary key,
  method text not null,
  channel_id text not null,
  called_at timestamptz not null
);
create index slack_calls_window on slack_calls (method, called_at);

-- A 429 delays that method and channel only.
create table slack_backoffs (
  method text not null,
  channel_id text not null,
  until timestamptz not null,
  primary key (method, channel_id)
);

create table settings (
  key text primary key,
  value jsonb not null,
  updated_by text not null,
  updated_at timestamptz not null
);

create table audit_log (
  id uuid primary key default uuidv7(),
  at timestamptz not null,
  actor text not null,
  action text not null,
  subject text not null,
  detail jsonb not null
);
create trigger audit_log_append_only before update or delete or truncate on audit_log
  for each statement execute function refuse_change();
