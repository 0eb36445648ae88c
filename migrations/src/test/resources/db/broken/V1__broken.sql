create table made_before_it_broke (number integer);

insert into no_such_table (number)
values (1);
