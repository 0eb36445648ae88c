-- What the role that serves can do by the owner's hand, and how often strangers can write to the audit log.

-- one entry stands for so many attempts that were turned away alike, from one address within a minute
alter table audit_entry add column attempts bigint not null default 1 check (attempts >= 1);

-- Everything it names is the catalog's or the ledger's own, whoever else may create things where the ledger's tables are.
create or replace function ledger_prepare_partitions(needed_up_to bigint) returns bigint
language plpgsql
as $$
declare
  -- positions beyond the head: many times the largest transaction, and no more partitions than a defect may make
  ahead constant bigint := 16777216;
  rows_each bigint;
  prepared bigint;
  usable bigint;
  counted bigint;
  partition_name text;
begin
  select partition_rows, prepared_up_to, head into strict rows_each, prepared, counted from ledger_head for update;
  if needed_up_to > counted + ahead then
    raise exception 'partitions up to % are not needed where the head is %', needed_up_to, counted
      using errcode = 'LF003';
  end if;
  -- held by whoever attached before until its messages are sent
  lock table usage_event in share update exclusive mode;
  usable := prepared;
  -- one more than needed, so that whoever fills the last one finds the next one usable
  while prepared < needed_up_to + rows_each loop
    partition_name := 'usage_event_p' || pg_catalog.lpad((prepared / rows_each)::pg_catalog.text, 10, '0');
    execute pg_catalog.format('create table %I (like usage_event including all)', partition_name);
    execute pg_catalog.format('alter table %I set (autovacuum_vacuum_insert_scale_factor = 0.2)', partition_name);
    -- attach takes a weaker lock on the parent than "partition of": readers and appenders go on
    execute pg_catalog.format('alter table usage_event attach partition %I for values from (%s) to (%s)',
      partition_name, prepared + 1, prepared + rows_each + 1);
    prepared := prepared + rows_each;
  end loop;
  update ledger_head set prepared_up_to = prepared, usable_up_to = usable;
  return usable;
end
$$;

do $$
begin
  execute format('alter function ledger_prepare_partitions(bigint) security definer set search_path = %I, pg_temp',
    current_schema());
end
$$;
