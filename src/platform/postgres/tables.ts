import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { DecisionKind, Worked } from '../../decisions/ledger.ts';
import type { Lead, LeadState } from '../../lead/lead.ts';
import type { Alerts } from '../../routing/availability.ts';
import type { Assessment, Tier } from '../../scoring/assessment.ts';
import type { EscalationStep } from '../../scoring/escalation-left.ts';
import type { FeatureSnapshot } from '../../scoring/features.ts';

/* Kysely's view of the tables in migrations/; names and nullability are theirs. */

/** A column that is written once: present on insert, never updated. */
type Once<T> = ColumnType<T, T, never>;
type OnceId = ColumnType<string, string | undefined, never>;

/** `Lead` as jsonb keeps it: dates are ISO strings. */
export type StoredLead = Omit<Lead, 'createdAt'> & { createdAt: string };

export interface InboundEventsTable {
  id: OnceId;
  kind: Once<'lead' | 'signal'>;
  source: Once<string>;
  dedupe_key: Once<string>;
  raw_body: string;
  trace_id: Once<string>;
  received_at: Once<Date>;
  state: 'received' | 'processed' | 'held';
  held_reason: string | null;
  held_detail: string | null;
  result: 'created' | 'merged' | 'attached' | 'waiting' | 'dismissed' | null;
  lead_id: string | null;
  processed_at: Date | null;
  attempts: Generated<number>;
}

export interface CompaniesTable {
  id: OnceId;
  domain: Once<string>;
  name: string | null;
  industry: string | null;
  employees: number | null;
  annual_revenue: number | null;
  updated_at: Date;
}

export interface MembersTable {
  slack_user_id: Once<string>;
  email: string | null;
  display_name: string;
  role: 'rep' | 'manager' | 'admin';
  crm_user_id: string | null;
  time_zone: string | null;
  updated_at: Date;
  standing: 'member' | 'guest' | 'outsider' | 'bot' | 'deactivated' | null;
  standing_at: Date | null;
  granted_by: string | null;
}

export interface PreferencesTable {
  slack_user_id: Once<string>;
  alerts: Alerts;
  /** "22:00" on the person's own clock. */
  quiet_from: string | null;
  quiet_to: string | null;
  digest_at: string | null;
  digest_due_at: Date | null;
  away_from: Date | null;
  away_until: Date | null;
  updated_at: Date;
}

export interface HomeStatesTable {
  slack_user_id: Once<string>;
  opened_at: Date | null;
  opened_event: string | null;
  new_since: Date | null;
  filter: Generated<string>;
  page: Generated<number>;
  introduced: ColumnType<MembersTable['role'][], MembersTable['role'][] | undefined>;
  updated_at: Date;
}

export interface RulesetsTable {
  version: Once<number>;
  hash: Once<string>;
  files: JSONColumnType<Record<string, string>, string, never>;
  status: 'draft' | 'shadow' | 'live' | 'archived';
  parent_version: Once<number | null>;
  author: Once<string>;
  approver: string | null;
  note: Once<string>;
  created_at: Once<Date>;
  published_at: Date | null;
}

export interface LeadsTable {
  id: OnceId;
  short_id: Once<string>;
  source: Once<string>;
  external_id: Once<string>;
  crm_id: string | null;
  company_id: string | null;
  identity_key: string | null;
  profile: JSONColumnType<StoredLead, string, string>;
  state: LeadState;
  held_reason: string | null;
  held_detail: string | null;
  /** Set by a trigger, so that it cannot drift from the state. */
  held_at: ColumnType<Date | null, never, never>;
  /** When it last became open again, by a trigger too; null: it never was anything else. */
  opened_at: ColumnType<Date | null, never, never>;
  received_at: Once<Date>;
  updated_at: Date;
  assessment_id: string | null;
  assignment_id: string | null;
  override_tier: Tier | null;
  accepted_by: string | null;
  accepted_at: Date | null;
  first_touch_at: Date | null;
  snoozed_until: Date | null;
  closed_reason: string | null;
  score_due_at: Date | null;
  /** When time alone may next change the score; null: never. */
  rescore_at: Date | null;
  /** When to look whether somebody must be reminded of it; a trigger sets it, too. Null: not before it changes. */
  escalate_at: Date | null;
  quiet: Generated<boolean>;
  score_attempts: Generated<number>;
  trace_id: string;
}

export interface LeadTouchesTable {
  id: OnceId;
  lead_id: Once<string>;
  inbound_event_id: Once<string>;
  source: Once<string>;
  lead_source: Once<string | null>;
  campaign: Once<string | null>;
  changed_fields: Once<string[]>;
  occurred_at: Once<Date>;
  received_at: Once<Date>;
  record_key: Once<string | null>;
}

export interface SignalsTable {
  id: OnceId;
  inbound_event_id: Once<string>;
  source: Once<string>;
  kind: Once<string>;
  identity_key: Once<string | null>;
  crm_id: Once<string | null>;
  lead_id: string | null;
  occurred_at: Once<Date>;
  received_at: Once<Date>;
  record_key: Once<string | null>;
}

export interface AssessmentsTable {
  id: OnceId;
  lead_id: Once<string>;
  ruleset_version: Once<number>;
  ruleset_hash: Once<string>;
  engine_version: Once<string>;
  scored_at: Once<Date>;
  points: Once<number>;
  fit_points: Once<number>;
  intent_points: Once<number>;
  range_min: Once<number>;
  range_max: Once<number>;
  range_approximate: Once<boolean>;
  tier: Once<Tier>;
  disqualified_code: Once<string | null>;
  detail: JSONColumnType<Assessment, string, never>;
  features: JSONColumnType<FeatureSnapshot, string, never>;
  result_hash: Once<string>;
  trace_id: Once<string>;
}

export interface AssignmentsTable {
  id: OnceId;
  lead_id: Once<string>;
  team: Once<string>;
  channel_id: Once<string>;
  rep_user_id: Once<string | null>;
  routing_rule: Once<string>;
  because: Once<string>;
  sla_due_at: Once<Date | null>;
  assigned_at: Once<Date>;
  assigned_by: Once<string>;
}

export interface DecisionsTable {
  id: OnceId;
  lead_id: Once<string>;
  assessment_id: Once<string | null>;
  ruleset_version: Once<number | null>;
  kind: Once<DecisionKind>;
  actor: Once<string>;
  surface: Once<string>;
  from_tier: Once<string | null>;
  to_tier: Once<string | null>;
  reason_code: Once<string | null>;
  blamed_rules: ColumnType<string[], string[] | undefined, never>;
  worked: Once<Worked | null>;
  to_member: Once<string | null>;
  snoozed_until: Once<Date | null>;
  undoes: Once<string | null>;
  latency_ms: Once<number | null>;
  idempotency_key: Once<string>;
  decided_at: Once<Date>;
  trace_id: Once<string>;
}

export interface DecisionNotesTable {
  decision_id: Once<string>;
  note: string;
  created_at: Once<Date>;
}

export interface OutcomesTable {
  id: OnceId;
  lead_id: Once<string>;
  kind: Once<'contacted' | 'converted' | 'won' | 'lost' | 'disqualified'>;
  source: Once<string>;
  dedupe_key: Once<string>;
  occurred_at: Once<Date>;
  received_at: Once<Date>;
}

export interface OutboxTable {
  id: OnceId;
  key: Once<string>;
  lane: Once<'slack' | 'crm'>;
  kind: Once<string>;
  payload: JSONColumnType<Record<string, string>, string, string>;
  state: 'due' | 'sending' | 'done' | 'unknown' | 'failed';
  wanted_revision: Generated<number>;
  sent_revision: Generated<number>;
  due_at: Date;
  priority: Generated<number>;
  attempts: Generated<number>;
  attempted_at: Date | null;
  last_error: string | null;
  trace_id: string;
  created_at: Once<Date>;
  done_at: Date | null;
  claim_id: string | null;
  unknown_since: Date | null;
}

export interface CrmWritesTable {
  lead_id: Once<string>;
  crm_id: string | null;
  content_hash: string | null;
  written_at: Date | null;
  owner_before: string | null;
  owner_written: string | null;
  status_before: string | null;
  status_written: string | null;
}

export interface SlackMessagesTable {
  id: OnceId;
  purpose: Once<'board' | 'hot' | 'summary' | 'notice'>;
  subject: Once<string>;
  channel_id: string;
  ts: string;
  content_hash: string;
  revision: number;
  posted_at: Date;
  updated_at: Date;
  /** Key in its metadata, when not the effect's own. */
  posted_as: string | null;
  /** Stands in place of one that a person deleted. */
  healed: Generated<boolean>;
}

export interface ThreadEntriesTable {
  lead_id: Once<string>;
  entry: Once<string>;
  told_at: Once<Date>;
}

export interface EscalationsTable {
  assignment_id: Once<string>;
  step: Once<EscalationStep>;
  recipient: Once<string>;
  effect_key: Once<string>;
  owed_at: Once<Date>;
}

export interface DeliveriesTable {
  lead_id: Once<string>;
  assessment_id: Once<string>;
  surface: Once<'board' | 'hot'>;
  channel_id: Once<string>;
  revision: Once<number>;
  confirmed_at: Once<Date>;
}

export interface SlackCallsTable {
  id: ColumnType<number, never, never>;
  method: Once<string>;
  channel_id: Once<string>;
  /** In the future while the call is under way and its channel waits for the answer. */
  called_at: Date;
}

export interface SlackBackoffsTable {
  method: Once<string>;
  channel_id: Once<string>;
  until: Date;
}

export interface SettingsTable {
  key: Once<string>;
  value: ColumnType<unknown, string, string>;
  updated_by: string;
  updated_at: Date;
}

export interface AuditLogTable {
  id: OnceId;
  at: Once<Date>;
  actor: Once<string>;
  action: Once<string>;
  subject: Once<string>;
  detail: JSONColumnType<object, string, never>;
}

export interface Database {
  inbound_events: InboundEventsTable;
  companies: CompaniesTable;
  members: MembersTable;
  preferences: PreferencesTable;
  home_states: HomeStatesTable;
  rulesets: RulesetsTable;
  leads: LeadsTable;
  lead_touches: LeadTouchesTable;
  signals: SignalsTable;
  assessments: AssessmentsTable;
  assignments: AssignmentsTable;
  decisions: DecisionsTable;
  decision_notes: DecisionNotesTable;
  outcomes: OutcomesTable;
  outbox: OutboxTable;
  crm_writes: CrmWritesTable;
  slack_messages: SlackMessagesTable;
  thread_entries: ThreadEntriesTable;
  escalations: EscalationsTable;
  deliveries: DeliveriesTable;
  slack_calls: SlackCallsTable;
  slack_backoffs: SlackBackoffsTable;
  settings: SettingsTable;
  audit_log: AuditLogTable;
}
