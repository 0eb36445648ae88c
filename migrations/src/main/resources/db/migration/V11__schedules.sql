-- When jobs are to be started by themselves: one schedule a job. Only this database's clock says whether a time has come.

create table job_schedule (
  job text primary key,
  cron text not null check (char_length(cron) <= 255),
  time_zone text not null check (char_length(time_zone) <= 255),
  parameters jsonb not null check (jsonb_typeof(parameters) = 'object'),
  enabled boolean not null,
  -- a schedule begins when it was last changed: what was due before is not made up for
  changed_at timestamptz not null,
  changed_by text not null,
  -- the latest due time that was served; only ever moves on
  last_due timestamptz,
  -- no reference: an execution may be forgotten before its schedule is
  last_execution uuid,
  constraint job_schedule_served_by_an_execution check ((last_due is null) = (last_execution is null))
);
