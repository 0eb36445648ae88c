-- What an execution found and its operator should read: the report of a check.

create table job_finding (
  number bigint generated always as identity,
  execution_id uuid not null references job_execution,
  -- of the log, 0 where it concerns none
  position bigint not null,
  finding text not null,
  primary key (execution_id, number)
);
