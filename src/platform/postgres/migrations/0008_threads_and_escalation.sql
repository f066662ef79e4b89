-- What the thread of a hot lead has told already, who was reminded of which lead, and when to look at it again.

create table thread_entries (
  lead_id uuid not null references leads (id),
  -- 'decision:<id>', 'assessment:<id>', 'outcome:<id>', 'closed:<reason>'
  entry text not null,
  told_at timestamptz not null,
  primary key (lead_id, entry)
);

-- Each person is reminded of an assignment once; an effect may speak of many.
create table escalations (
  assignment_id uuid not null references assignments (id),
  step text not null check (step in ('rep', 'team', 'manager')),
  -- Slack user id, or the channel as routing names it.
  recipient text not null,
  effect_key text not null,
  owed_at timestamptz not null,
  primary key (assignment_id, step)
);
create index escalations_effect on escalations (effect_key);
create index escalations_recipient on escalations (recipient, owed_at);

-- When the next step may be due; null: none. Set to now whenever something changes on which that depends.
alter table leads add column escalate_at timestamptz;
create index leads_escalate on leads (escalate_at) where escalate_at is not null and state = 'open';

create function look_at_escalation() returns trigger language plpgsql as $$
begin
  new.escalate_at := case when new.state = 'open' then new.updated_at end;
  return new;
end
$$;

create trigger leads_escalate before update on leads for each row
  when (old.state is distinct from new.state
    or old.assignment_id is distinct from new.assignment_id
    or old.assessment_id is distinct from new.assessment_id
    or old.override_tier is distinct from new.override_tier)
  execute function look_at_escalation();

-- Under which key the message was posted, when not the effect's own; posted in place of one that a person deleted.
alter table slack_messages add column posted_as text;
alter table slack_messages add column healed boolean not null default false;

-- The hot leads of the last minutes, among all that were ever owed.
create index outbox_hot on outbox (created_at) where kind = 'slack.hot';
