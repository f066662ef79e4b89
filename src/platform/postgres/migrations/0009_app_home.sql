-- What App Home knows of each person: when they opened it, what they chose there.

create table home_states (
  slack_user_id text primary key references members (slack_user_id),
  -- The opening that counts now, and the event of Slack's that told it: a redelivery is no second opening.
  opened_at timestamptz,
  opened_event text,
  -- The opening before: what came since is new. Null: it was opened once, or never.
  new_since timestamptz,
  filter text not null default 'all',
  page integer not null default 0,
  -- Roles whose introduction was put away.
  introduced text[] not null default '{}',
  updated_at timestamptz not null
);

-- A team's day, and one person's figures, cost what the period holds, not what was ever there.
create index assignments_team on assignments (team, assigned_at);
create index decisions_actor on decisions (actor, decided_at);
