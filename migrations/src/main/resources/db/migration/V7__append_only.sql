-- The service's role may append to the log and not change it. Partitions are made by the owner, on its behalf.
-- Whoever calls must not be able to put tables of its own in the way: the schema is fixed, and temporary tables come last.
do $$
begin
  execute format('alter function ledger_prepare_partitions(bigint) security definer set search_path = %I, pg_temp', current_schema());
end
$$;

revoke execute on function ledger_prepare_partitions(bigint) from public;
