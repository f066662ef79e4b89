-- What the migrations add up to, read back from PostgreSQL's catalogs.
-- Written by "npm run schema:dump", compared by a test: never edit it by hand.

create table assessments (
  id uuid default uuidv7() not null,
  lead_id uuid not null,
  ruleset_version integer not null,
  ruleset_hash text not null,
  engine_version text not null,
  scored_at timestamp with time zone not null,
  points integer not null,
  fit_points integer not null,
  intent_points integer not null,
  range_min integer not null,
  range_max integer not null,
  range_approximate boolean not null,
  tier text not null,
  disqualified_code text,
  detail jsonb not null,
  features jsonb not null,
  result_hash text not null,
  trace_id text not null,
  constraint assessments_pkey PRIMARY KEY (id),
  constraint assessments_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES leads(id),
  constraint assessments_ruleset_version_fkey FOREIGN KEY (ruleset_version) REFERENCES rulesets(version),
  constraint assessments_tier_check CHECK ((tier = ANY (ARRAY['A'::text, 'B'::text, 'C'::text, 'D'::text])))
);

create table assignments (
  id uuid default uuidv7() not null,
  lead_id uuid not null,
  team text not null,
  channel_id text not null,
  rep_user_id text,
  routing_rule text not null,
  because text not null,
  sla_due_at timestamp with time zone,
  assigned_at timestamp with time zone not null,
  assigned_by text not null,
  constraint assignments_pkey PRIMARY KEY (id),
  constraint assignments_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES leads(id),
  constraint assignments_rep_user_id_fkey FOREIGN KEY (rep_user_id) REFERENCES members(slack_user_id)
);

create table audit_log (
  id uuid default uuidv7() not null,
  at timestamp with time zone not null,
  actor text not null,
  action text not null,
  subject text not null,
  detail jsonb not null,
  constraint audit_log_pkey PRIMARY KEY (id)
);

create table companies (
  id uuid default uuidv7() not null,
  domain text not null,
  name text,
  industry text,
  employees bigint,
  annual_revenue double precision,
  updated_at timestamp with time zone not null,
  constraint companies_pkey PRIMARY KEY (id),
  constraint companies_domain_key UNIQUE (domain)
);

create table crm_writes (
  lead_id uuid not null,
  crm_id text,
  content_hash text,
  written_at timestamp with time zone,
  owner_before text,
  owner_written text,
  status_before text,
  status_written text,
  constraint crm_writes_pkey PRIMARY KEY (lead_id),
  constraint crm_writes_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES leads(id)
);

create table decision_notes (
  decision_id uuid not null,
  note text not null,
  created_at timestamp with time zone not null,
  constraint decision_notes_pkey PRIMARY KEY (decision_id),
  constraint decision_notes_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES decisions(id)
);

create table decisions (
  id uuid default uuidv7() not null,
  lead_id uuid not null,
  assessment_id uuid,
  ruleset_version integer,
  kind text not null,
  actor text not null,
  surface text not null,
  from_tier text,
  to_tier text,
  reason_code text,
  blamed_rules text[] default '{}'::text[] not null,
  worked text,
  to_member text,
  snoozed_until timestamp with time zone,
  undoes uuid,
  latency_ms bigint,
  idempotency_key text not null,
  decided_at timestamp with time zone not null,
  trace_id text not null,
  constraint decisions_pkey PRIMARY KEY (id),
  constraint decisions_actor_fkey FOREIGN KEY (actor) REFERENCES members(slack_user_id),
  constraint decisions_assessment_id_fkey FOREIGN KEY (assessment_id) REFERENCES assessments(id),
  constraint decisions_idempotency_key_key UNIQUE (idempotency_key),
  constraint decisions_kind_check CHECK ((kind = ANY (ARRAY['accepted'::text, 'overridden'::text, 'snoozed'::text, 'disqualified'::text, 'reassigned'::text, 'handed_over'::text, 'released'::text, 'undone'::text]))),
  constraint decisions_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES leads(id),
  constraint decisions_ruleset_version_fkey FOREIGN KEY (ruleset_version) REFERENCES rulesets(version),
  constraint decisions_to_member_fkey FOREIGN KEY (to_member) REFERENCES members(slack_user_id),
  constraint decisions_undoes_fkey FOREIGN KEY (undoes) REFERENCES decisions(id),
  constraint decisions_undoes_key UNIQUE (undoes),
  constraint decisions_worked_check CHECK ((worked = ANY (ARRAY['no'::text, 'tried'::text, 'reached'::text]))),
  constraint undone_names_its_decision CHECK (((kind = 'undone'::text) = (undoes IS NOT NULL)))
);

create table deliveries (
  lead_id uuid not null,
  assessment_id uuid not null,
  surface text not null,
  channel_id text not null,
  revision bigint not null,
  confirmed_at timestamp with time zone not null,
  constraint deliveries_pkey PRIMARY KEY (lead_id, surface, assessment_id),
  constraint deliveries_assessment_id_fkey FOREIGN KEY (assessment_id) REFERENCES assessments(id),
  constraint deliveries_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES leads(id),
  constraint deliveries_surface_check CHECK ((surface = ANY (ARRAY['board'::text, 'hot'::text])))
);

create table escalations (
  assignment_id uuid not null,
  step text not null,
  recipient text not null,
  effect_key text not null,
  owed_at timestamp with time zone not null,
  constraint escalations_pkey PRIMARY KEY (assignment_id, step),
  constraint escalations_assignment_id_fkey FOREIGN KEY (assignment_id) REFERENCES assignments(id),
  constraint escalations_step_check CHECK ((step = ANY (ARRAY['rep'::text, 'team'::text, 'manager'::text])))
);

create table home_states (
  slack_user_id text not null,
  opened_at timestamp with time zone,
  opened_event text,
  new_since timestamp with time zone,
  filter text default 'all'::text not null,
  page integer default 0 not null,
  introduced text[] default '{}'::text[] not null,
  updated_at timestamp with time zone not null,
  constraint home_states_pkey PRIMARY KEY (slack_user_id),
  constraint home_states_slack_user_id_fkey FOREIGN KEY (slack_user_id) REFERENCES members(slack_user_id)
);

create table inbound_events (
  id uuid default uuidv7() not null,
  kind text not null,
  source text not null,
  dedupe_key text not null,
  raw_body text not null,
  trace_id text not null,
  received_at timestamp with time zone not null,
  state text not null,
  held_reason text,
  held_detail text,
  result text,
  lead_id uuid,
  processed_at timestamp with time zone,
  attempts integer default 0 not null,
  constraint inbound_events_pkey PRIMARY KEY (id),
  constraint held_has_a_reason CHECK (((state = 'held'::text) = (held_reason IS NOT NULL))),
  constraint inbound_events_dedupe UNIQUE (source, dedupe_key),
  constraint inbound_events_kind_check CHECK ((kind = ANY (ARRAY['lead'::text, 'signal'::text]))),
  constraint inbound_events_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES leads(id),
  constraint inbound_events_result_check CHECK ((result = ANY (ARRAY['created'::text, 'merged'::text, 'attached'::text, 'waiting'::text, 'dismissed'::text]))),
  constraint inbound_events_state_check CHECK ((state = ANY (ARRAY['received'::text, 'processed'::text, 'held'::text]))),
  constraint processed_has_a_result CHECK (((state = 'processed'::text) = (result IS NOT NULL)))
);

create table lead_touches (
  id uuid default uuidv7() not null,
  lead_id uuid not null,
  inbound_event_id uuid not null,
  source text not null,
  lead_source text,
  campaign text,
  changed_fields text[] not null,
  occurred_at timestamp with time zone not null,
  received_at timestamp with time zone not null,
  record_key text,
  constraint lead_touches_pkey PRIMARY KEY (id),
  constraint lead_touches_inbound_event_id_fkey FOREIGN KEY (inbound_event_id) REFERENCES inbound_events(id),
  constraint lead_touches_inbound_event_id_key UNIQUE (inbound_event_id),
  constraint lead_touches_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES leads(id)
);

create table leads (
  id uuid default uuidv7() not null,
  short_id text not null,
  source text not null,
  external_id text not null,
  crm_id text,
  company_id uuid,
  identity_key text,
  profile jsonb not null,
  state text not null,
  held_reason text,
  held_detail text,
  received_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  assessment_id uuid,
  assignment_id uuid,
  override_tier text,
  accepted_by text,
  accepted_at timestamp with time zone,
  first_touch_at timestamp with time zone,
  snoozed_until timestamp with time zone,
  closed_reason text,
  score_due_at timestamp with time zone,
  quiet boolean default false not null,
  score_attempts integer default 0 not null,
  trace_id text not null,
  held_at timestamp with time zone,
  rescore_at timestamp with time zone,
  escalate_at timestamp with time zone,
  opened_at timestamp with time zone,
  constraint leads_pkey PRIMARY KEY (id),
  constraint held_lead_has_a_reason CHECK (((state = 'held'::text) = (held_reason IS NOT NULL))),
  constraint leads_accepted_by_fkey FOREIGN KEY (accepted_by) REFERENCES members(slack_user_id),
  constraint leads_assessment_id_fkey FOREIGN KEY (assessment_id) REFERENCES assessments(id),
  constraint leads_assignment_id_fkey FOREIGN KEY (assignment_id) REFERENCES assignments(id),
  constraint leads_company_id_fkey FOREIGN KEY (company_id) REFERENCES companies(id),
  constraint leads_override_tier_check CHECK ((override_tier = ANY (ARRAY['A'::text, 'B'::text, 'C'::text, 'D'::text]))),
  constraint leads_short_id_key UNIQUE (short_id),
  constraint leads_state_check CHECK ((state = ANY (ARRAY['held'::text, 'open'::text, 'accepted'::text, 'contacted'::text, 'snoozed'::text, 'closed'::text])))
);

create table members (
  slack_user_id text not null,
  email text,
  display_name text not null,
  role text not null,
  crm_user_id text,
  time_zone text,
  updated_at timestamp with time zone not null,
  standing text,
  standing_at timestamp with time zone,
  granted_by text,
  constraint members_pkey PRIMARY KEY (slack_user_id),
  constraint members_role_check CHECK ((role = ANY (ARRAY['rep'::text, 'manager'::text, 'admin'::text]))),
  constraint members_standing_check CHECK ((standing = ANY (ARRAY['member'::text, 'guest'::text, 'outsider'::text, 'bot'::text, 'deactivated'::text])))
);

create table outbox (
  id uuid default uuidv7() not null,
  key text not null,
  lane text not null,
  kind text not null,
  payload jsonb not null,
  state text not null,
  wanted_revision bigint default 1 not null,
  sent_revision bigint default 0 not null,
  due_at timestamp with time zone not null,
  priority integer default 2 not null,
  attempts integer default 0 not null,
  attempted_at timestamp with time zone,
  last_error text,
  trace_id text not null,
  created_at timestamp with time zone not null,
  done_at timestamp with time zone,
  claim_id uuid,
  unknown_since timestamp with time zone,
  constraint outbox_pkey PRIMARY KEY (id),
  constraint outbox_key_key UNIQUE (key),
  constraint outbox_lane_check CHECK ((lane = ANY (ARRAY['slack'::text, 'crm'::text]))),
  constraint outbox_state_check CHECK ((state = ANY (ARRAY['due'::text, 'sending'::text, 'done'::text, 'unknown'::text, 'failed'::text])))
);

create table outcomes (
  id uuid default uuidv7() not null,
  lead_id uuid not null,
  kind text not null,
  source text not null,
  dedupe_key text not null,
  occurred_at timestamp with time zone not null,
  received_at timestamp with time zone not null,
  constraint outcomes_pkey PRIMARY KEY (id),
  constraint outcomes_dedupe UNIQUE (source, dedupe_key),
  constraint outcomes_kind_check CHECK ((kind = ANY (ARRAY['contacted'::text, 'converted'::text, 'won'::text, 'lost'::text, 'disqualified'::text]))),
  constraint outcomes_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES leads(id)
);

create table preferences (
  slack_user_id text not null,
  alerts text not null,
  quiet_from text,
  quiet_to text,
  digest_at text,
  digest_due_at timestamp with time zone,
  away_from timestamp with time zone,
  away_until timestamp with time zone,
  updated_at timestamp with time zone not null,
  constraint preferences_pkey PRIMARY KEY (slack_user_id),
  constraint absence_begins_and_ends CHECK ((((away_from IS NULL) = (away_until IS NULL)) AND ((away_from IS NULL) OR (away_from < away_until)))),
  constraint digest_has_its_next_time CHECK (((digest_at IS NULL) = (digest_due_at IS NULL))),
  constraint preferences_alerts_check CHECK ((alerts = ANY (ARRAY['channel'::text, 'direct'::text, 'none'::text]))),
  constraint preferences_digest_at_check CHECK ((digest_at ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'::text)),
  constraint preferences_quiet_from_check CHECK ((quiet_from ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'::text)),
  constraint preferences_quiet_to_check CHECK ((quiet_to ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'::text)),
  constraint preferences_slack_user_id_fkey FOREIGN KEY (slack_user_id) REFERENCES members(slack_user_id),
  constraint quiet_hours_have_both_ends CHECK ((((quiet_from IS NULL) = (quiet_to IS NULL)) AND ((quiet_from IS NULL) OR (quiet_from <> quiet_to))))
);

create table rulesets (
  version integer not null,
  hash text not null,
  files jsonb not null,
  status text not null,
  parent_version integer,
  author text not null,
  approver text,
  note text not null,
  created_at timestamp with time zone not null,
  published_at timestamp with time zone,
  constraint rulesets_pkey PRIMARY KEY (version),
  constraint rulesets_parent_version_fkey FOREIGN KEY (parent_version) REFERENCES rulesets(version),
  constraint rulesets_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'shadow'::text, 'live'::text, 'archived'::text])))
);

create table schema_migrations (
  id integer not null,
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone default now() not null,
  constraint schema_migrations_pkey PRIMARY KEY (id)
);

create table settings (
  key text not null,
  value jsonb not null,
  updated_by text not null,
  updated_at timestamp with time zone not null,
  constraint settings_pkey PRIMARY KEY (key)
);

create table signals (
  id uuid default uuidv7() not null,
  inbound_event_id uuid not null,
  source text not null,
  kind text not null,
  identity_key text,
  crm_id text,
  lead_id uuid,
  occurred_at timestamp with time zone not null,
  received_at timestamp with time zone not null,
  record_key text,
  constraint signals_pkey PRIMARY KEY (id),
  constraint signals_inbound_event_id_fkey FOREIGN KEY (inbound_event_id) REFERENCES inbound_events(id),
  constraint signals_inbound_event_id_key UNIQUE (inbound_event_id),
  constraint signals_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES leads(id)
);

create table slack_backoffs (
  method text not null,
  channel_id text not null,
  until timestamp with time zone not null,
  constraint slack_backoffs_pkey PRIMARY KEY (method, channel_id)
);

create table slack_calls (
  id bigint generated always as identity not null,
  method text not null,
  channel_id text not null,
  called_at timestamp with time zone not null,
  constraint slack_calls_pkey PRIMARY KEY (id)
);

create table slack_messages (
  id uuid default uuidv7() not null,
  purpose text not null,
  subject text not null,
  channel_id text not null,
  ts text not null,
  content_hash text not null,
  revision bigint not null,
  posted_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  posted_as text,
  healed boolean default false not null,
  constraint slack_messages_pkey PRIMARY KEY (id),
  constraint slack_messages_purpose_check CHECK ((purpose = ANY (ARRAY['board'::text, 'hot'::text, 'summary'::text, 'notice'::text]))),
  constraint slack_messages_subject UNIQUE (purpose, subject),
  constraint slack_messages_ts UNIQUE (channel_id, ts)
);

create table thread_entries (
  lead_id uuid not null,
  entry text not null,
  told_at timestamp with time zone not null,
  constraint thread_entries_pkey PRIMARY KEY (lead_id, entry),
  constraint thread_entries_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES leads(id)
);

CREATE INDEX assessments_lead ON public.assessments USING btree (lead_id, scored_at);

CREATE INDEX assessments_scored ON public.assessments USING btree (scored_at);

CREATE INDEX assignments_lead ON public.assignments USING btree (lead_id, assigned_at);

CREATE INDEX assignments_rep ON public.assignments USING btree (rep_user_id, assigned_at);

CREATE INDEX assignments_team ON public.assignments USING btree (team, assigned_at);

CREATE INDEX decisions_actor ON public.decisions USING btree (actor, decided_at);

CREATE INDEX decisions_lead ON public.decisions USING btree (lead_id, decided_at);

CREATE INDEX decisions_overrides ON public.decisions USING btree (actor, decided_at) WHERE (kind = ANY (ARRAY['overridden'::text, 'disqualified'::text]));

CREATE INDEX decisions_time ON public.decisions USING btree (decided_at);

CREATE INDEX escalations_effect ON public.escalations USING btree (effect_key);

CREATE INDEX escalations_recipient ON public.escalations USING btree (recipient, owed_at);

CREATE INDEX inbound_events_lead ON public.inbound_events USING btree (lead_id);

CREATE INDEX inbound_events_open ON public.inbound_events USING btree (received_at) WHERE (state <> 'processed'::text);

CREATE INDEX lead_touches_lead ON public.lead_touches USING btree (lead_id);

CREATE INDEX lead_touches_record ON public.lead_touches USING btree (record_key, id);

CREATE INDEX leads_accepted_by ON public.leads USING btree (accepted_by) WHERE (state = ANY (ARRAY['accepted'::text, 'contacted'::text]));

CREATE INDEX leads_assignment ON public.leads USING btree (assignment_id) WHERE (state = 'open'::text);

CREATE UNIQUE INDEX leads_crm_id ON public.leads USING btree (crm_id);

CREATE INDEX leads_escalate ON public.leads USING btree (escalate_at) WHERE ((escalate_at IS NOT NULL) AND (state = 'open'::text));

CREATE UNIQUE INDEX leads_identity ON public.leads USING btree (identity_key);

CREATE INDEX leads_open ON public.leads USING btree (state, received_at) WHERE (state = ANY (ARRAY['open'::text, 'held'::text, 'snoozed'::text]));

CREATE INDEX leads_rescore ON public.leads USING btree (rescore_at) WHERE ((rescore_at IS NOT NULL) AND (state = ANY (ARRAY['open'::text, 'held'::text])));

CREATE INDEX leads_score_due ON public.leads USING btree (score_due_at) WHERE (score_due_at IS NOT NULL);

CREATE UNIQUE INDEX leads_source_external ON public.leads USING btree (source, external_id);

CREATE UNIQUE INDEX members_email ON public.members USING btree (lower(email));

CREATE INDEX outbox_due ON public.outbox USING btree (lane, priority, due_at) WHERE (state = ANY (ARRAY['due'::text, 'unknown'::text]));

CREATE INDEX outbox_failed ON public.outbox USING btree (lane, due_at) WHERE (state = 'failed'::text);

CREATE INDEX outbox_hot ON public.outbox USING btree (created_at) WHERE (kind = 'slack.hot'::text);

CREATE INDEX outbox_sending ON public.outbox USING btree (attempted_at) WHERE (state = 'sending'::text);

CREATE INDEX outbox_summary ON public.outbox USING btree (((payload ->> 'summaryKey'::text))) WHERE (payload ? 'summaryKey'::text);

CREATE INDEX outcomes_lead ON public.outcomes USING btree (lead_id);

CREATE UNIQUE INDEX outcomes_once ON public.outcomes USING btree (lead_id, kind);

CREATE INDEX preferences_away ON public.preferences USING btree (away_until) WHERE (away_until IS NOT NULL);

CREATE INDEX preferences_digest_due ON public.preferences USING btree (digest_due_at) WHERE (digest_due_at IS NOT NULL);

CREATE UNIQUE INDEX rulesets_one_live ON public.rulesets USING btree (status) WHERE (status = 'live'::text);

CREATE INDEX signals_lead ON public.signals USING btree (lead_id, occurred_at);

CREATE INDEX signals_waiting ON public.signals USING btree (identity_key) WHERE (lead_id IS NULL);

CREATE INDEX signals_waiting_crm ON public.signals USING btree (crm_id) WHERE (lead_id IS NULL);

CREATE INDEX signals_waiting_record ON public.signals USING btree (record_key) WHERE (lead_id IS NULL);

CREATE INDEX slack_calls_window ON public.slack_calls USING btree (method, called_at);

CREATE OR REPLACE FUNCTION public.keep_held_at()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.held_at := case when new.state = 'held' then new.updated_at end;
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION public.keep_opened_at()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.opened_at := new.updated_at;
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION public.look_at_escalation()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.escalate_at := case when new.state = 'open' then new.updated_at end;
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% is append-only: write a new row instead', tg_table_name
    using errcode = 'restrict_violation';
end;
$function$;

CREATE OR REPLACE FUNCTION public.refuse_ruleset_rewrite()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.version <> old.version or new.hash <> old.hash or new.files <> old.files
     or new.author <> old.author or new.created_at <> old.created_at then
    raise exception 'a ruleset version never changes: publish a new one'
      using errcode = 'restrict_violation';
  end if;
  return new;
end;
$function$;

CREATE TRIGGER assessments_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.assessments FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER assignments_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.assignments FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_log_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER decisions_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.decisions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER leads_escalate BEFORE UPDATE ON public.leads FOR EACH ROW WHEN (((old.state IS DISTINCT FROM new.state) OR (old.assignment_id IS DISTINCT FROM new.assignment_id) OR (old.assessment_id IS DISTINCT FROM new.assessment_id) OR (old.override_tier IS DISTINCT FROM new.override_tier))) EXECUTE FUNCTION look_at_escalation();

CREATE TRIGGER leads_held_at BEFORE UPDATE ON public.leads FOR EACH ROW WHEN ((old.state IS DISTINCT FROM new.state)) EXECUTE FUNCTION keep_held_at();

CREATE TRIGGER leads_held_at_new BEFORE INSERT ON public.leads FOR EACH ROW WHEN ((new.state = 'held'::text)) EXECUTE FUNCTION keep_held_at();

CREATE TRIGGER leads_opened_at BEFORE UPDATE ON public.leads FOR EACH ROW WHEN (((old.state <> 'open'::text) AND (new.state = 'open'::text))) EXECUTE FUNCTION keep_opened_at();

CREATE TRIGGER rulesets_immutable BEFORE UPDATE ON public.rulesets FOR EACH ROW EXECUTE FUNCTION refuse_ruleset_rewrite();

CREATE TRIGGER rulesets_kept BEFORE DELETE OR TRUNCATE ON public.rulesets FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
