-- Rows go only where every session already looks. A session learns of a new partition by a message, and a transaction is seen by others an
-- instant before its messages are sent: who reads in that instant, with a plan made earlier, misses the partition and all rows in it.
-- So a partition is attached by a transaction of its own, and used once that one has ended wholly.

alter table ledger_head add column usable_up_to bigint not null default 0 check (usable_up_to >= 0);

update ledger_head
set usable_up_to = prepared_up_to;

create or replace function ledger_prepare_partitions(needed_up_to bigint) returns bigint
language plpgsql
as $$
declare
  rows_each bigint;
  prepared bigint;
  usable bigint;
  partition_name text;
begin
  select partition_rows, prepared_up_to into strict rows_each, prepared from ledger_head for update;
  -- held by whoever attached before until its messages are sent
  lock table usage_event in share update exclusive mode;
  usable := prepared;
  -- one more than needed, so that whoever fills the last one finds the next one usable
  while prepared < needed_up_to + rows_each loop
    partition_name := 'usage_event_p' || lpad((prepared / rows_each)::text, 10, '0');
    execute format('create table %I (like usage_event including all)', partition_name);
    execute format('alter table %I set (autovacuum_vacuum_insert_scale_factor = 0.2)', partition_name);
    -- attach takes a weaker lock on the parent than "partition of": readers and appenders go on
    execute format('alter table usage_event attach partition %I for values from (%s) to (%s)',
      partition_name, prepared + 1, prepared + rows_each + 1);
    prepared := prepared + rows_each;
  end loop;
  update ledger_head set prepared_up_to = prepared, usable_up_to = usable;
  return usable;
end
$$;

comment on function ledger_prepare_partitions is 'Attaches partitions up to one beyond a position; returns up to where rows may be written, which is what earlier transactions attached. Called in a transaction of its own, again until that is far enough.';

do $$
begin
  execute format('alter function ledger_prepare_partitions(bigint) security definer set search_path = %I, pg_temp', current_schema());
end
$$;
