create table trial (number integer not null);

insert into trial (number)
select 1
from pg_sleep(0.5);
