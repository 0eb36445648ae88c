-- What operators ask of executions stays as cheap with a million of them, and no row is such that its execution could not be given up.

alter table job_execution
  -- attempts that failed since it last got further: what many hiccups over a long life add up to is no reason to give it up
  add column failures_in_a_row integer not null default 0,
  add constraint params_are_texts check (
    jsonb_typeof(params) = 'object' and not jsonb_path_exists(params, '$.* ? (@.type() <> "string")'));

update job_execution
set failures_in_a_row = failures
where state in ('pending', 'running', 'unwinding');

alter table job_step_event
  add constraint position_is_a_number check (data is null or jsonb_typeof(data -> 'position') = 'number');

create index job_execution_of_kind on job_execution (kind, created_at desc, execution_id);
create index job_execution_cancelled on job_execution (created_at desc, execution_id)
  where state = 'cancelled';

-- for the foreign key: a node that is forgotten is looked for here
create index job_execution_owned on job_execution (owner_node)
  where owner_node is not null;
