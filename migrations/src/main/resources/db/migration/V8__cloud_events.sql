-- By what an event was known to whoever sent it as a CloudEvent. Kept beside the event, so that what deletes it deletes them; no part of
-- its identity. Null for every event that came by another way, which costs such a row nothing.

alter table usage_event
  add column sender_source text,
  add column sender_id text;

alter table suppressed_stop
  add column sender_source text,
  add column sender_id text;
