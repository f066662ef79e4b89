-- Since when a lead is held. A trigger keeps it: whoever changes the state, also the version before this one.

alter table leads add column held_at timestamptz;
update leads set held_at = updated_at where state = 'held';

create function keep_held_at() returns trigger language plpgsql as $$
begin
  new.held_at := case when new.state = 'held' then new.updated_at end;
  return new;
end
$$;

create trigger leads_held_at_new before insert on leads
  for each row when (new.state = 'held') execute function keep_held_at();
create trigger leads_held_at before update on leads
  for each row when (old.state is distinct from new.state) execute function keep_held_at();
