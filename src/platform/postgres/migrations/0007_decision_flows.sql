-- What came of overrides: each outcome of a lead is recorded once, and a person's own overrides are found by them.

create unique index outcomes_once on outcomes (lead_id, kind);
create index decisions_overrides on decisions (actor, decided_at)
  where kind in ('overridden', 'disqualified');
