-- What each person asked for: how they are told, when not, and when they are away. No row: nothing was asked.

create table preferences (
  slack_user_id text primary key references members (slack_user_id),
  -- How a hot lead that is routed to them reaches them.
  alerts text not null check (alerts in ('channel', 'direct', 'none')),
  -- "22:00", on the clock of their own time zone (members.time_zone); at or before its start, the end is the next day.
  quiet_from text check (quiet_from ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  quiet_to text check (quiet_to ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  digest_at text check (digest_at ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  -- When their clock next shows digest_at.
  digest_due_at timestamptz,
  away_from timestamptz,
  away_until timestamptz,
  updated_at timestamptz not null,
  constraint quiet_hours_have_both_ends
    check ((quiet_from is null) = (quiet_to is null) and (quiet_from is null or quiet_from <> quiet_to)),
  constraint digest_has_its_next_time check ((digest_at is null) = (digest_due_at is null)),
  constraint absence_begins_and_ends
    check ((away_from is null) = (away_until is null) and (away_from is null or away_from < away_until))
);
create index preferences_digest_due on preferences (digest_due_at) where digest_due_at is not null;
create index preferences_away on preferences (away_until) where away_until is not null;
