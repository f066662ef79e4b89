-- When time alone may next change a lead's score: decay, windows, rules that expire. Only leads that wait on
-- a board or are held are looked at then, so the cost does not grow with those that are done.

alter table leads add column rescore_at timestamptz;
create index leads_rescore on leads (rescore_at)
  where rescore_at is not null and state in ('open', 'held');

-- Once for all that were scored before: from then on each knows its own time.
update leads set rescore_at = now()
where assessment_id is not null and state <> 'closed'
  and (state <> 'held' or held_reason = 'disqualified');
