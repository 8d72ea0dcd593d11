-- What registers changed about a VIRS in a night. It must look by `due`: the row is a task on its start page until it confirms that it
-- looked, or hands in its own data anew.
CREATE TABLE register_change (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    virs TEXT NOT NULL,
    night TEXT NOT NULL,
    what TEXT NOT NULL,
    noticed TEXT NOT NULL,
    due TEXT NOT NULL,
    looked TEXT,
    looked_by INTEGER REFERENCES account,
    answered INTEGER REFERENCES submission,
    UNIQUE (virs, night)
) STRICT;
CREATE INDEX register_change_open ON register_change (virs, id) WHERE looked IS NULL;
