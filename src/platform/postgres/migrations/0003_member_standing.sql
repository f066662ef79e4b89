-- What Slack says of a member, and whether a person gave the role.

-- Null: not asked since this column exists. Guests have no role until somebody grants one.
alter table members add column standing text
  check (standing in ('member', 'guest', 'outsider', 'bot', 'deactivated'));
alter table members add column standing_at timestamptz;
-- Slack id of the admin who granted the role; null: it came with the first sight of the person.
alter table members add column granted_by text;
