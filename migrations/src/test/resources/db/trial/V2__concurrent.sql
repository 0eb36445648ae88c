create index concurrently trial_number on trial (number);
