-- What the service's role may do with each table, after every start: nothing where the owner itself serves. What it has by another way than
-- a grant to itself is taken away where the owner can, and refused where not.
do $$
declare
  service text := '${service_role}';
  -- what was recorded is never changed: only the owner's functions for retention may
  appended text[] := array['usage_event', 'event_identity', 'log_window', 'ledger_epoch', 'audit_entry', 'audit_outcome',
    'job_claim', 'job_step_event', 'job_finding'];
  read_only text[] := array['ledger_identity', 'retention_step', 'flyway_schema_history', 'unwell_execution'];
  of_table record;
  privilege text;
  allowed text[];
  changed text[];
begin
  if service in ('', current_user) then
    return;
  end if;
  -- several nodes start at once, and two grants on one table fail each other
  perform pg_advisory_xact_lock(hashtextextended('usage-ledger/grants', 0));
  if (select rolsuper from pg_roles where rolname = service) or pg_has_role(service, current_user, 'member') then
    raise exception 'the role % that serves is a superuser or a member of %, which owns the tables: nothing keeps it from changing what was recorded',
      service, current_user
      using errcode = 'LF004', hint = 'Serve as a role that is neither.';
  end if;
  execute format('revoke create on schema %I from public, %I', current_schema(), service);
  if has_schema_privilege(service, current_schema(), 'create') then
    raise exception 'the role % that serves may create things in the schema % among the ledger''s own', service, current_schema()
      using errcode = 'LF004', hint = 'As the schema''s owner: revoke create on the schema from it, from public, and from roles it is a member of.';
  end if;
  execute format('grant usage on schema %I to %I', current_schema(), service);
  execute format('grant execute on function ledger_prepare_partitions(bigint) to %I', service);
  execute format('grant execute on function ledger_forget_executions(integer, integer) to %I', service);
  for of_table in
    select oid, relname
    from pg_class
    where relnamespace = current_schema()::regnamespace
    and relkind in ('r', 'p', 'v')
  loop
    allowed := case
      when of_table.relname = any (appended || array['suppressed_stop']) then array['select', 'insert']
      when of_table.relname = any (read_only) then array['select']
      when of_table.relname like 'usage_event_p%' then array['select']
      when of_table.relname = 'ledger_head' then array['select']
      else array['select', 'insert', 'update', 'delete']
    end;
    -- columns that may be updated where the row as a whole may not
    changed := case of_table.relname
      when 'ledger_head' then array['epoch', 'head', 'chain', 'system_identifier', 'timeline']
      when 'suppressed_stop' then array['recorded_position']
      else array[]::text[]
    end;
    foreach privilege in array array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger'] loop
      if privilege = any (allowed) then
        if not has_table_privilege(service, of_table.oid, privilege) then
          execute format('grant %s on %s to %I', privilege, of_table.oid::regclass, service);
        end if;
      elsif has_table_privilege(service, of_table.oid, privilege)
          or exists (
            select
            from pg_attribute a
            where a.attrelid = of_table.oid
            and a.attnum > 0
            and not a.attisdropped
            and privilege in ('select', 'insert', 'update', 'references')
            and not (privilege = 'update' and a.attname = any (changed))
            and has_column_privilege(service, of_table.oid, a.attnum, privilege)) then
        -- of the table and with it of each of its columns
        execute format('revoke %s on %s from public, %I', privilege, of_table.oid::regclass, service);
      end if;
    end loop;
    if changed <> array[]::text[] then
      execute format('grant update (%s) on %s to %I', array_to_string(changed, ', '), of_table.oid::regclass, service);
    end if;
    -- again, by every role that it could take: what is left is not the owner's to take back
    foreach privilege in array array['insert', 'update', 'delete', 'truncate', 'trigger'] loop
      if privilege <> all (allowed) and exists (
          select
          from pg_roles r
          where pg_has_role(service, r.oid, 'member')
          and has_table_privilege(r.oid, of_table.oid, privilege)) then
        raise exception 'the role % that serves may % % by way of a role that it is a member of', service, privilege, of_table.relname
          using errcode = 'LF004', hint = 'Take it out of that role.';
      end if;
    end loop;
  end loop;
end
$$;
