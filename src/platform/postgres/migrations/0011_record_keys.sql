-- HMAC of a record's id at its source. One person may have several records there, and a signal may name any of them.
alter table lead_touches add column record_key text;
create index lead_touches_record on lead_touches (record_key, id);

alter table signals add column record_key text;
create index signals_waiting_record on signals (record_key) where lead_id is null;
