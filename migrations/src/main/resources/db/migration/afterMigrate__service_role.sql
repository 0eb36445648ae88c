-- What the service's role may do with each table, after every start: nothing where the owner itself serves.
do $$
declare
  service text := '${service_role}';
  -- what was recorded is never changed: only the owner's functions for retention may
  appended text[] := array['usage_event', 'event_identity', 'log_window', 'ledger_epoch', 'audit_entry', 'audit_outcome'];
  read_only text[] := array['retention_step', 'flyway_schema_history'];
  of_table record;
  privilege text;
  allowed text[];
begin
  if service in ('', current_user) then
    return;
  end if;
  -- several nodes start at once, and two grants on one table fail each other
  perform pg_advisory_xact_lock(hashtextextended('usage-ledger/grants', 0));
  execute format('grant usage on schema %I to %I', current_schema(), service);
  execute format('grant execute on function ledger_prepare_partitions(bigint) to %I', service);
  for of_table in
    select oid, relname
    from pg_class
    where relnamespace = current_schema()::regnamespace
    and relkind in ('r', 'p')
  loop
    allowed := case
      when of_table.relname = any (appended) then array['select', 'insert']
      when of_table.relname = any (read_only) then array['select']
      when of_table.relname like 'usage_event_p%' then array['select']
      when of_table.relname = 'ledger_head' then array['select', 'update']
      else array['select', 'insert', 'update', 'delete']
    end;
    foreach privilege in array array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger'] loop
      if privilege = any (allowed) <> has_table_privilege(service, of_table.oid, privilege) then
        execute format(
          case when privilege = any (allowed) then 'grant %s on %s to %I' else 'revoke %s on %s from %I' end,
          privilege, of_table.oid::regclass, service);
      end if;
    end loop;
  end loop;
end
$$;
