-- When a lead last became open again; null: it never was anything else. A trigger keeps it, whoever opens the lead.

alter table leads add column opened_at timestamptz;

create function keep_opened_at() returns trigger language plpgsql as $$
begin
  new.opened_at := new.updated_at;
  return new;
end
$$;

create trigger leads_opened_at before update on leads
  for each row when (old.state <> 'open' and new.state = 'open') execute function keep_opened_at();
